// validate.js NODE_MODULES FOLDER SCHEMA POLICIES: ajv's opinion on FOLDER/good and the policies in the folder POLICIES
// (have to be taken), and FOLDER/bad (refused).
"use strict";
const fs = require("fs");
const path = require("path");
const [modules, folder, schemaFile, policies] = process.argv.slice(2);
const Ajv2020 = require(path.join(modules, "ajv", "dist", "2020"));
const jsonc = require(path.join(modules, "jsonc-parser"));

function read(file) {
    const errors = [];
    const value = jsonc.parse(fs.readFileSync(file, "utf8"), errors);
    if (errors.length > 0) {
        throw new Error(`${file}: ${jsonc.printParseErrorCode(errors[0].error)} at ${errors[0].offset}`);
    }
    return value;
}

// Parts of a rule say something about a type that another part has named.
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
ajv.addVocabulary(["allowComments"]); // an editor's
const validate = ajv.compile(JSON.parse(fs.readFileSync(schemaFile, "utf8")));

let failures = 0;
function judge(kind, wanted, least) {
    const place = path.resolve(folder, kind);
    const files = fs.readdirSync(place).filter((name) => name.endsWith(".json") && !name.endsWith(".tests.json"));
    if (files.length < least) {
        console.error(`${kind}: ${files.length} files; at least ${least} belong there`);
        failures++;
    }
    for (const name of files) {
        if (validate(read(path.join(place, name))) !== wanted) {
            console.error(`${kind}/${name}: ${wanted ? ajv.errorsText(validate.errors) : "taken by the schema"}`);
            failures++;
        }
    }
    console.log(`${kind}: ${files.length} files`);
}
judge("good", true, 1);
judge("bad", false, 60);
judge(path.resolve(policies), true, 2);
process.exit(failures === 0 ? 0 : 1);
