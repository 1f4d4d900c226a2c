namespace Osapi.Fleet.Tests.Running;

/// <summary>
/// The configuration of a broker: with the default message limit of 1 MB, and in a cluster when it is not alone.
/// </summary>
internal static class BrokerConfig
{
    public const string Path = "/etc/nats-fleet.conf";

    public static void Write(FleetHost host, IReadOnlyList<FleetHost> all) => File.WriteAllText(host.Outside(Path), $$"""
        server_name: {{host.Name}}
        listen: {{host.Address}}:4222
        http: 127.0.0.1:8222
        max_payload: 1MB
        debug: {{(Environment.GetEnvironmentVariable("OSAPI_TEST_LOG") == "debug" ? "true" : "false")}}
        jetstream { store_dir: /var/lib/nats-fleet, max_file_store: 1GB }
        {{(all.Count == 1 ? "" : $$"""
        cluster {
          name: fleet
          listen: {{host.Address}}:6222
          routes: [{{string.Join(", ", all.Select(other => $"nats://{other.Address}:6222"))}}]
        }
        """)}}
        """);
}
