// Required before a program of ours, it makes BullMQ one that was not tested: its scripts do the same, with other texts.
const { createRequire } = require('node:module');

const scripts = createRequire(`${__dirname}/../../packages/queue/src/`)('bullmq/dist/cjs/scripts/index.js');
for (const name of ['addStandardJob', 'moveToFinished']) scripts[name].content += '\n';
