/** The look of the page around the canvas, in the colours of the editor. */
export const STYLE = `
html, body { height: 100%; margin: 0; padding: 0; overflow: hidden; }
body { display: flex; flex-direction: column; color: var(--vscode-editor-foreground); background: var(--vscode-editor-background); font: 13px var(--vscode-font-family, sans-serif); }
.bar { display: flex; gap: 8px; align-items: center; padding: 6px 10px; border-bottom: 1px solid var(--vscode-panel-border, transparent); }
.bar input, .bar select { color: var(--vscode-input-foreground); background: var(--vscode-input-background); border: 1px solid var(--vscode-input-border, transparent); padding: 3px 6px; font: inherit; }
.bar input { flex: 0 1 240px; }
.bar button { color: var(--vscode-button-secondaryForeground); background: var(--vscode-button-secondaryBackground); border: 0; padding: 4px 10px; font: inherit; cursor: pointer; }
.bar .count { flex: 1; color: var(--vscode-descriptionForeground); }
.bar [hidden] { display: none; }
canvas { flex: 1; width: 100%; min-height: 0; outline: none; touch-action: none; }
canvas:focus-visible { box-shadow: inset 0 0 0 1px var(--vscode-focusBorder); }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
`;
