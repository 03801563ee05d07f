import schema from '../../schemas/config.schema.json' with { type: 'json' };
import type { Catalogue } from '../action/connector.ts';
import type { SettingsSchema } from './variables.ts';

/** The schema of the configuration with each connector's settings in their place, for what names settings by words. */
export function settingsSchema({ connectors }: Catalogue): SettingsSchema {
  const connection = schema.properties.connections.additionalProperties;
  const properties = Object.fromEntries(
    [...connectors.values()].map(({ name, settings }) => [
      name,
      { ...connection, properties: { ...connection.properties, settings } },
    ]),
  );
  return {
    ...schema,
    properties: { ...schema.properties, connections: { ...schema.properties.connections, properties } },
  } as SettingsSchema;
}
