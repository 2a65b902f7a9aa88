import type { Cluster, Redis } from 'ioredis';

/**
 * A Cluster's client that cannot connect to any node does not say what TLS found wrong. This asks one node by itself,
 * whenever that happens, and emits its error on the Cluster's client.
 *
 * @param connectToNode makes a connection to one of the nodes that the client was given, which tries once
 */
export function explainClusterFaults(cluster: Cluster, connectToNode: () => Redis): void {
  let asking = false;

  cluster.on('error', (error: Error) => {
    if (asking || !('lastNodeError' in error)) return;
    asking = true;
    const node = connectToNode();
    node.on('error', (fault) => cluster.emit('error', fault));
    node.once('ready', () => node.disconnect());
    node.once('end', () => {
      asking = false;
    });
  });
}
