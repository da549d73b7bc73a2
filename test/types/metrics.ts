/** What must compile, and what must not, for `beast.io/metrics`. Never run: `tsc` checks it. */
import { metrics } from '@opentelemetry/api';
import { Server } from 'beast.io';
import { collectPrometheus, observe } from 'beast.io/metrics';
import { Registry } from 'prom-client';

const io = new Server<{ hello: () => void }>();
const end: () => void = collectPrometheus(io, { register: new Registry(), labels: { a: 'b' } });
end();
observe(io, metrics.getMeter('test'), { attributes: { server: 'a' }, threads: true })();
export const late: number | undefined = io.engine.stats?.().eventLoopDelay?.p99;
// @ts-expect-error the registry is needed
collectPrometheus(io, { prefix: 'x_' });
// @ts-expect-error no meter
observe(io, {});
