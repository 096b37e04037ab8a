/**
 * Redis orders equal scores by the bytes of their members, our contract by UTF-16 code units. Writing every unit from
 * DEL up as DEL and four hex digits makes the two orders one, and keeps lone surrogates, which UTF-8 cannot carry.
 */
export function encodeMember(member: string): string {
  return member.replace(/[\x7f-\uffff]/g, (unit) => `\x7f${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function decodeMember(member: string): string {
  return member.replace(/\x7f([0-9a-f]{4})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
