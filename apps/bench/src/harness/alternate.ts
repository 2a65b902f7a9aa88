/** Takes every turn once a round, each first equally often: what runs later finds a warmer and busier machine. */
export async function alternate(
  rounds: number,
  turns: readonly (() => Promise<void>)[],
  onRound: (round: number) => void = () => {},
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    onRound(round + 1);
    for (const place of turns.keys()) await turns[(place + round) % turns.length]!();
  }
}
