/** Checks that go on after one of them failed: each is a line, as the closing table counts them. */
let failed = 0;

export async function check(name, action) {
  try {
    await action();
    console.log(`ok      vscode: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAILED  vscode: ${name}`);
    console.log(String(error.stack ?? error).replace(/^/gm, '        '));
  }
}

/** Ends the process: 0 where all were well. */
export function end() {
  process.exit(failed === 0 ? 0 : 1);
}
