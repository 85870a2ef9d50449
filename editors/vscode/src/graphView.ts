/** The graph as the server hands it out (`revline/graph`). */

export interface GraphProblem {
  severity: 'error' | 'warning' | 'info' | 'hint';
  rule: string;
  message: string;
}

export interface GraphRow {
  id: string;
  title: string;
  created: string | null;
  uri: string | null;
  lane: number;
  roles: string[];
  labels: string[];
  missing: string[];
  problems: GraphProblem[];
  problemCount: number;
  databases: string[];
}

export interface GraphView {
  environment: string;
  environments: string[];
  identity: string;
  lanes: number;
  rows: GraphRow[];
  /** Child row, parent row, 1 for a dependency. */
  edges: [number, number, number][];
  /** First and last row of each stretch that can be folded away. */
  runs: [number, number][];
}

export interface GraphChanges {
  environment: string;
  identity: string;
  changes: { at: number; row: GraphRow }[];
}

export type GraphAnswer = GraphView | GraphChanges;
