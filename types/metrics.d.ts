/** The types of `beast.io/metrics`. See docs/metrics.md. */
import type { Engine } from './engine';
import type { Server } from './index';

/** What is used of a `Registry` of `prom-client`. */
export interface PrometheusRegistry {
  registerMetric(metric: any): void;
  removeSingleMetric(name: string): void;
}

/** What is used of a `Meter` of `@opentelemetry/api`. */
export interface OpenTelemetryMeter {
  createObservableCounter(name: string, options?: any): any;
  createObservableUpDownCounter(name: string, options?: any): any;
  createObservableGauge(name: string, options?: any): any;
  addBatchObservableCallback(callback: (result: any) => void, instruments: any[]): void;
  removeBatchObservableCallback(callback: (result: any) => void, instruments: any[]): void;
}

/** Whose metrics are told. */
export type Measured = Server<any, any, any, any> | Engine;

export interface PrometheusOptions {
  /** Where the metrics are registered. */
  register: PrometheusRegistry;
  /** What their names begin with. Default: `beastio_` */
  prefix?: string;
  /** Labels of all values. They tell several servers apart that have the same names. Default: none */
  labels?: Record<string, string>;
  /** Whether values are told for each I/O thread, by the label `thread`. Default: `false` */
  threads?: boolean;
}

export interface OpenTelemetryOptions {
  /** What the names of the instruments begin with. Default: `beastio.` */
  prefix?: string;
  /** Attributes of all values. They tell several servers apart. Default: none */
  attributes?: Record<string, string>;
  /** Whether values are told for each I/O thread, by the attribute `thread`. Default: `false` */
  threads?: boolean;
}

/**
 * Has a registry of `prom-client` tell the metrics of a server.
 * @returns what ends it
 */
export declare function collectPrometheus(server: Measured, options: PrometheusOptions): () => void;

/**
 * Has a meter of OpenTelemetry tell the metrics of a server.
 * @returns what ends it
 */
export declare function observe(
  server: Measured,
  meter: OpenTelemetryMeter,
  options?: OpenTelemetryOptions,
): () => void;
