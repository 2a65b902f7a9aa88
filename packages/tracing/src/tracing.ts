/** Who is at work on what, so that a later span can be its child. */
export type Scope = { readonly context: unknown };

/** A span: what is at work, and what it is part of. */
export type SpanOf = {
  readonly name: string;
  readonly kind: 'server' | 'consumer' | 'client';
  /** A `traceparent` as W3C has it, or a scope. @defaultValue what is at work now, or a trace of its own */
  readonly parent?: string | Scope | undefined;
  /** Others for which the same is done. */
  readonly links?: readonly Scope[];
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
};

/** What there is to say of a span once it is over. */
export type SpanEnd = {
  readonly attributes?: Readonly<Record<string, string | number | boolean>>;
  /** Why it failed. */
  readonly fault?: string | undefined;
};

export type Tracing = {
  /** Runs something within a span. What throws ends it as failed. */
  span<Result>(of: SpanOf, run: () => Promise<Result>, endOf?: (result: Result) => SpanEnd): Promise<Result>;
  /** What is at work now, as W3C writes it (https://www.w3.org/TR/trace-context/#traceparent-header). */
  traceparent(): string | undefined;
  /** What is at work now. */
  scope(): Scope;
  /** For log lines: empty where nothing is at work. */
  logFields(): { readonly traceId?: string; readonly spanId?: string };
  /** Sends what is still to be sent. */
  stop(): Promise<void>;
};
