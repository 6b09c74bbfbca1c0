import * as palaestra from 'palaestra/inline';
import { show } from './study.js';

show(palaestra);
