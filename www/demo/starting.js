// Says so where the page's own scripts cannot be loaded. It is no module: it has to hear of them before they come. Its content
// policy allows no handler in the page itself.
addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const say = () => {
      const starting = document.getElementById('starting');
      if (starting) starting.textContent = 'The scripts of this page could not be loaded. Is the whole site here?';
    };
    if (document.readyState === 'loading') addEventListener('DOMContentLoaded', say);
    else say();
  },
  true, // Such an event does not bubble.
);
