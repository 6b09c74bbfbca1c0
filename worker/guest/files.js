// The package `palaestra_guest` of Python, as texts: what a guest can import, and what asks it.
import entry from './python/entry.py';
import guest from './python/guest.py';
import init from './python/__init__.py';
import missing from './python/missing.py';
import scene from './python/scene.py';
import spaces from './python/spaces.py';
import states from './python/states.py';

export const files = {
  '__init__.py': init,
  'entry.py': entry,
  'guest.py': guest,
  'missing.py': missing,
  'scene.py': scene,
  'spaces.py': spaces,
  'states.py': states,
};
