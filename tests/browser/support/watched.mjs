// A server that whoever watches may ask, without one.

/** What a server says to who may watch. */
export const watchingCartPole = {
  ...{
    type: 'watching',
    match: 'm-1',
    number: 1,
    lobby: 'one',
    size: 2,
    env_id: 'CartPole-v1',
    kwargs: {},
    agents: ['agent_0'],
  },
  ...{ fps: 30, seed: 1, frames: 0, play_url: '/v1/play', ticket: 'ticket' },
};

/** On the page: in place of every WebSocket one that opens and says this again and again, or never opens. */
export const standIn = (says) => {
  /** @type {any} */ (window).WebSocket = class {
    readyState = 0;
    onopen;
    onmessage;
    timer;
    constructor() {
      if (!says) return;
      const speak = () => says.forEach((message) => this.onmessage?.({ data: JSON.stringify(message) }));
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.({});
        speak();
        this.timer = setInterval(speak, 1_000);
      }, 1);
    }
    send() {}
    close() {
      clearInterval(this.timer);
    }
  };
};
