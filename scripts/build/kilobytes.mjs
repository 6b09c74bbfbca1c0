/** A number of bytes as people read it. */
export const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
