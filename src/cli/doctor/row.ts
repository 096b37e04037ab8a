/** One thing Curio can use, or must have. */
export interface DoctorRow {
  readonly name: string;
  readonly found: boolean;
  /** What was found, or what serves in its place. */
  readonly detail: string;
  /** What the lack costs, and what to do about it; empty when nothing is lacking. */
  readonly cost: string;
  /** Nothing is served without it. */
  readonly required: boolean;
}

export function found(name: string, detail: string, cost = ''): DoctorRow {
  return { name, found: true, detail, cost, required: false };
}

export function lacking(name: string, detail: string, cost: string): DoctorRow {
  return { name, found: false, detail, cost, required: false };
}

/** Something that was asked for, or is indispensable, and does not work. */
export function broken(name: string, detail: string, cost: string): DoctorRow {
  return { name, found: false, detail, cost, required: true };
}
