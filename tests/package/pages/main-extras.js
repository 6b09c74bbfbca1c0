import * as palaestra from 'palaestra/inline';
import 'palaestra/inline/extras';

window.palaestra = palaestra;
