import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@xero-webhooks/testing';
import { parseAllDocuments } from 'yaml';

/** A manifest, as far as tests look into all of them alike. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: Record<string, unknown>;
  readonly data?: Readonly<Record<string, string>>;
  /** The file that has it, below deploy/kubernetes. */
  readonly file: string;
};

export const FOLDER = `${ROOT}deploy/kubernetes/`;

/** What each file of kustomize's own names. */
export type Kustomization = {
  readonly file: string;
  readonly resources: readonly string[];
  readonly components: readonly string[];
};

export function kustomizations(): Kustomization[] {
  return globSync('**/kustomization.yaml', { cwd: FOLDER }).map((file) => {
    const [document] = parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'));
    const { resources = [], components = [] } = (document as { toJS(): Partial<Kustomization> }).toJS();
    return { file, resources, components };
  });
}

export function manifests(): Manifest[] {
  const files = globSync('**/*.yaml', { cwd: FOLDER, exclude: ['**/kustomization.yaml'] }).toSorted();
  return files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8')).map((document) => ({
      ...(document as { toJS(): Manifest }).toJS(),
      file,
    })),
  );
}

export type Container = {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly secretKeyRef: { readonly name: string; readonly key: string; readonly optional?: boolean };
    };
  }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly readinessProbe?: { readonly httpGet?: { readonly path: string; readonly port: string } };
  readonly livenessProbe?: { readonly httpGet?: { readonly path: string; readonly port: string } };
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly securityContext: object;
  readonly resources: { readonly limits: { readonly memory: string }; readonly requests: { readonly memory: string } };
};

export type PodSpec = {
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: object;
  readonly containers: readonly [Container];
};

export type Workload = Manifest & {
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: PodSpec;
    };
  };
};
