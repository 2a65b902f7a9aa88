import type { Command } from 'commander';
import type { Figure } from '../harness/figure.ts';
import { formatNumber } from '../harness/figure.ts';
import { jsonOption, wholeNumber } from '../harness/options.ts';
import { note, publish } from '../harness/report.ts';
import { percentile } from '../harness/statistics.ts';
import { SHARDS } from './cluster-system.ts';
import type { Soak } from './soak.ts';
import { soak } from './soak.ts';

type Options = { organisations: number; rate: number; burst: number; quiet: number; quick?: boolean; json?: string };

/** With fair order, the others may wait during a burst for so many times as long as before it. */
const TIMES = 5;

export function addSoakCommand(program: Command, signal: AbortSignal): void {
  program
    .command('soak')
    .description('Many organisations and a noisy one, over a Redis Cluster, in fair order and without; then kills.')
    .option('--organisations <n>', 'organisations with an event now and then', wholeNumber(1, 100_000), 10_000)
    .option('--rate <n>', 'their events a second, together', wholeNumber(1, 1_000), 50)
    .option('--burst <n>', 'events that another one sends at once', wholeNumber(50, 1_000_000), 20_000)
    .option('--quiet <s>', 'seconds before that', wholeNumber(1, 600), 10)
    .option('--quick', 'a burst of 2,000, and no kills')
    .addOption(jsonOption())
    .action(async ({ organisations, rate, burst, quiet, quick = false, json }: Options) => {
      const options = {
        organisations,
        perSecond: rate,
        burst: quick ? 2_000 : burst,
        quietS: quick ? 3 : quiet,
        kills: !quick,
      };
      note('in the order of arrival …');
      const plain = await soak(false, options, signal);
      note('in fair order …');
      const fair = await soak(true, options, signal);
      const about = `${organisations} organisations with ${rate} events a second, and ${options.burst} events of another at once; three masters, ${SHARDS} shards, two ingresses, two workers, a handler that takes 20 ms`;
      publish(
        {
          benchmark: 'soak',
          about,
          machine: fair.machine,
          figures: figuresOf(plain, fair),
          details: detailsOf(plain, fair),
        },
        json,
      );
    });
}

function figuresOf(plain: Soak, fair: Soak): Figure[] {
  const quiet = percentile(fair.quiet, 99);
  return [
    { what: 'others, before the burst: p99', unit: 'ms', value: quiet },
    { what: 'others, during the burst, in the order of arrival: p99', unit: 'ms', value: percentile(plain.burst, 99) },
    { what: 'others, during the burst, in fair order: p99', unit: 'ms', value: percentile(fair.burst, 99) },
    {
      what: 'in fair order / in the order of arrival: p99',
      unit: '',
      value: percentile(fair.burst, 99) / percentile(plain.burst, 99),
    },
    {
      what: 'in fair order, during / before the burst: p99',
      unit: '',
      value: percentile(fair.burst, 99) / quiet,
      target: TIMES,
    },
    {
      what: 'the burst itself, in fair order / in the order of arrival',
      unit: '',
      value: fair.burstS / plain.burstS,
      target: 1.2,
    },
  ];
}

function detailsOf(plain: Soak, fair: Soak) {
  const row = (what: string, { quiet, burst, burstS, sent, again, refused }: Soak): string[] => [
    what,
    ...[
      percentile(quiet, 50),
      percentile(quiet, 99),
      percentile(burst, 50),
      percentile(burst, 99),
      burstS,
      sent,
      again,
      refused,
    ].map(formatNumber),
  ];
  return [
    {
      title: 'Others, ms; the burst, s; masters killed in turn afterwards',
      table: [
        [
          '',
          'p50 before',
          'p99 before',
          'p50 during',
          'p99 during',
          'burst',
          'events',
          'handled again',
          'refused at first',
        ],
        row('in the order of arrival', plain),
        row('in fair order', fair),
      ],
    },
  ];
}
