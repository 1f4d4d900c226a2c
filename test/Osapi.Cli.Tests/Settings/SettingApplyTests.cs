using Osapi.Cli.Settings;
using Osapi.Hosting;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Trust;

namespace Osapi.Cli.Tests.Settings;

/// <summary>A declared setting reaches the options of the node through its declaration only.</summary>
public sealed class SettingApplyTests
{
    // Read by the command line itself, or together with another one.
    private static readonly Setting[] Others =
    [
        GeneralSettings.Transport, GeneralSettings.LogLevel, GeneralSettings.LogFormat, ControllerSettings.Certificate, ControllerSettings.CertificateKey, ControllerSettings.AllowInsecure, NatsSettings.AllowInsecure,
        AuthSettings.ClientCa, AuthSettings.OidcName, AuthSettings.OidcAudience, AuthSettings.OidcRoles, AuthSettings.OidcPrefix, AuthSettings.OidcCa, NatsSettings.PasswordFile, AgentSettings.JoinTokenFile, .. ClientSettings.All,
    ];

    private static readonly string Fingerprint = ControllerKeys.Create().Public.Fingerprint;

    private static readonly string Grant = new JoinGrant { Id = "0123456789abcdef0123456789abcdef", Name = "web-*", Issued = DateTimeOffset.UnixEpoch, Expires = DateTimeOffset.UnixEpoch.AddDays(1) }.Encode();

    private static readonly Dictionary<Setting, string> Values = new()
    {
        [AgentSettings.Hostname] = "web-09",
        [AgentSettings.Labels] = "group=web.dev",
        [AgentSettings.Facts] = "site=berlin",
        [AgentSettings.DockerHost] = "unix:///run/other.sock",
        [ControllerSettings.Listen] = "http://127.0.0.1:9999",
        [ControllerSettings.MetricsAccess] = "everyone",
        [AuthSettings.CustomRoles] = "deployer=file:read file:write",
        [AuthSettings.Clients] = "runner=write",
        [NatsSettings.Urls] = "nats://broker:4222",
        [NatsSettings.Replicas] = "3",
        [TrustSettings.Unsigned] = "refuse",
        [TrustSettings.UnsealedSecrets] = "allow",
        [AgentSettings.JoinToken] = $"{Grant}.{new string('A', 43)}.{Fingerprint}",
        [AgentSettings.ControllerKey] = Fingerprint,
        [RestrictionSettings.AllowOperations] = "file.*",
        [RestrictionSettings.DenyOperations] = "command.shell.execute",
    };

    public static TheoryData<string> Keys => [.. SettingTable.All.Except(Others).Select(setting => setting.Key)];

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_setting_reaches_the_options(string key)
    {
        var setting = SettingTable.Find(key)!;
        // One text that each range allows, and that no default is.
        foreach (var text in Values.TryGetValue(setting, out var known) ? [known] : new[] { "7", "5000", "5h", "13s", "9d", "5MiB", "other", "/tmp/other" })
        {
            List<string> problems = [];
            if (setting.ReadAny(new(key, [new(text, key)]), problems) is null || problems.Count > 0)
                continue;
            Assert.NotEqual(Apply([]), Apply(new() { [setting] = new(key, [new(text, key)]) }));
            return;
        }

        Assert.Fail($"no text of this test is one for {key}");
    }

    [Fact]
    public void Without_a_setting_the_options_stay() => Assert.Equal(Apply([]), Apply([]));

    // Records compare member by member; lists and maps, which do not, are only replaced when a setting was given.
    private static NodeOptions Apply(Dictionary<Setting, SettingValue> given)
    {
        NodeOptions options = new() { StateDirectory = "/", Nats = new() { Urls = [] }, Controller = new(), Agent = new() { Labels = None, CustomFacts = None }, Logging = NoLogging };
        var configuration = Configuration.Read(given, "/dev/null", new Dictionary<string, string>());
        return SettingTable.All.Aggregate(options, (made, setting) => setting.Apply(made, configuration));
    }

    private static readonly Dictionary<string, string> None = [];

    private static readonly Action<Microsoft.Extensions.Logging.ILoggingBuilder> NoLogging = static _ => { };
}
