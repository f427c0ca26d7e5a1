// Maps and removes network drives from Node.js for Windows, through mpr.dll as any program would.
//
//   node map-drives.js '[{"connect": "X:", "to": "\\\\server\\share"}, {"disconnect": "X:"}]'
//
// Without an argument the steps come from standard input. A step is
//   {"connect": "X:" or "", "to": remote, "flags": number, "user": text, "password": text}
//   {"disconnect": "X:" or remote, "flags": number, "force": true or false}
// Each step's outcome is one line of JSON: the step's two names and the code that the function returned. The exit code
// is 0 when all steps were made, whatever they returned. koffi is found by NODE_PATH or in the folder KOFFI names.
'use strict';

const fs = require('fs');
const koffi = require(process.env.KOFFI || 'koffi');

const RESOURCETYPE_DISK = 1;

const mpr = koffi.load('mpr.dll');
koffi.struct('NETRESOURCEW', {
    dwScope: 'uint32_t',
    dwType: 'uint32_t',
    dwDisplayType: 'uint32_t',
    dwUsage: 'uint32_t',
    lpLocalName: 'const char16_t *',
    lpRemoteName: 'const char16_t *',
    lpComment: 'const char16_t *',
    lpProvider: 'const char16_t *',
});
const addConnection = mpr.func(
    'uint32_t __stdcall WNetAddConnection2W(NETRESOURCEW *, const char16_t *, const char16_t *, uint32_t)');
const cancelConnection = mpr.func('uint32_t __stdcall WNetCancelConnection2W(const char16_t *, uint32_t, int)');

function connect(step) {
    const resource = {
        dwScope: 0,
        dwType: RESOURCETYPE_DISK,
        dwDisplayType: 0,
        dwUsage: 0,
        lpLocalName: step.connect || null,
        lpRemoteName: step.to,
        lpComment: null,
        lpProvider: null,
    };
    const code = addConnection(resource, step.password || null, step.user || null, step.flags || 0);
    return { connect: step.connect, to: step.to, code };
}

function disconnect(step) {
    const code = cancelConnection(step.disconnect, step.flags || 0, step.force ? 1 : 0);
    return { disconnect: step.disconnect, code };
}

const steps = JSON.parse(process.argv[2] || fs.readFileSync(0, 'utf8'));
for (const step of steps) {
    const outcome = 'connect' in step ? connect(step) : disconnect(step);
    // Not process.stdout: it takes no pipe that Wine got from outside.
    fs.writeSync(1, JSON.stringify(outcome) + '\n');
}
