//! The main thread: Worker, game loop, input, drawing, pipelineMetrics, teardown
