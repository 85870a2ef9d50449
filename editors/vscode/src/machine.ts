/** This computer, as `locate` wants to know it. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import type { Machine } from './locate';

export const thisMachine: Machine = {
  platform: process.platform,
  home: os.homedir(),
  env: process.env,
  isProgram(file) {
    try {
      fs.accessSync(file, fs.constants.X_OK);
      return fs.statSync(file).isFile();
    } catch {
      return false;
    }
  },
};
