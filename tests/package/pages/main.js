import * as palaestra from 'palaestra';
import { show } from './study.js';

show(palaestra);
