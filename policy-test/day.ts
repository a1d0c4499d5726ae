/** Days of the calendar, YYYY-MM-DD, in UTC: the same everywhere a pipeline may run. */
export function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}

/** What is wrong with a day that a waiver lasts until, the day included. */
export function dayProblem(day: string, today: string): string | undefined {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(day) ? new Date(`${day}T00:00:00Z`) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()) || dayOf(date) !== day) return `\`${day}\` is no day such as 2027-01-31`;
  return day < today ? `this waiver ended on ${day}; fix what it waives, or review it and give it a new day` : undefined;
}
