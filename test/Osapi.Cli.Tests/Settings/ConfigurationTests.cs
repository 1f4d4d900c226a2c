using Osapi.Cli.Settings;

namespace Osapi.Cli.Tests.Settings;

/// <summary>Tests of the precedence of configuration sources, and of the errors in them.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private readonly string file = Path.GetTempFileName();
    private readonly Dictionary<Setting, SettingValue> options = [];
    private readonly Dictionary<string, string> environment = [];

    public void Dispose() => File.Delete(file);

    [Fact]
    public void Options_come_before_the_environment_before_the_file_before_defaults()
    {
        Write("agent: {hostname: of-file, max_jobs: 3, labels: {group: web}}\nlogging: {level: error}");
        environment["OSAPI_AGENT_HOSTNAME"] = "of-environment";
        environment["OSAPI_AGENT_MAX_JOBS"] = "4";
        Give(AgentSettings.Hostname, "--hostname", "of-option");

        var read = Read();

        Assert.Empty(read.Problems);
        Assert.Equal("of-option", read.Get(AgentSettings.Hostname));
        Assert.Equal(4, read.Get(AgentSettings.MaxJobs));
        Assert.Equal("error", read.Get(GeneralSettings.LogLevel));
        Assert.Equal("web", read.Get(AgentSettings.Labels)!["group"]);
        Assert.Null(read.Get(NatsSettings.Replicas));
    }

    [Fact]
    public void Lists_and_maps_are_replaced_as_a_whole()
    {
        Write("controller:\n  listen: ['http://127.0.0.1:1', 'http://127.0.0.1:2']\nagent:\n  labels:\n    group: web\n    zone: a");
        environment["OSAPI_CONTROLLER_LISTEN"] = "http://127.0.0.1:3, http://127.0.0.1:4";
        environment["OSAPI_AGENT_LABELS"] = "rack=7";

        var read = Read();

        Assert.Empty(read.Problems);
        Assert.Equal(["http://127.0.0.1:3/", "http://127.0.0.1:4/"], read.Get(ControllerSettings.Listen)!.Select(url => url.ToString()));
        Assert.Equal([new("rack", "7")], read.Get(AgentSettings.Labels)!);
    }

    [Fact]
    public void An_empty_list_of_addresses_is_none_and_not_the_default()
    {
        Write("controller: {listen: []}");

        Assert.Empty(Read().Get(ControllerSettings.Listen)!);
    }

    [Fact]
    public void Empty_variables_and_empty_sections_count_as_not_given()
    {
        Write("agent:\nnats:\n  urls:\n");
        environment["OSAPI_AGENT_MAX_JOBS"] = "";

        var read = Read();

        Assert.Empty(read.Problems);
        Assert.DoesNotContain(SettingTable.All, setting => read.Given(setting) is not null);
    }

    [Fact]
    public void All_problems_are_reported_at_once_with_their_positions()
    {
        Write("""
            controller:
              lissten: http://127.0.0.1:1
              limits: {request_bytes: 8MB}
              jobs: {keep_for: 1h}
            agent:
              listen: http://127.0.0.1:1
              labels: {group: web, bad key: x}
              max_jobs: 0
            nats:
              tls: yes
              urls: [nats://one, http://two]
            colour: blue
            """);
        environment["OSAPI_NATS_REPLICAS"] = "2";
        environment["OSAPI_LOGGING_LEVEL"] = "debg";
        Give(AgentSettings.Facts, "--fact", "a.b=c");

        Assert.Equal(
            [
                $"{file}:2:3: 'lissten' is unknown; did you mean 'listen'? (known in controller: {string.Join(", ", SettingTable.Below("controller"))})",
                $"{file}:6:3: 'listen' is unknown; did you mean 'controller.listen'? (known in agent: {string.Join(", ", SettingTable.Below("agent"))})",
                $"{file}:10:8: nats.tls must be a mapping of ca, certificate, key",
                $"{file}:12:1: 'colour' is unknown (known: {string.Join(", ", SettingTable.Below(""))})",
                $"{file}:3:27: controller.limits.request_bytes '8MB' is not a size: expected 1KiB to 1GiB, such as 8MiB",
                $"{file}:4:20: controller.jobs.keep_for '1h' is not a time: expected 3h to 3650d, as a time such as 500ms, 90s, 1m30s, 2h or 7d",
                $"{file}:7:24: agent.labels 'bad key=x' is not a label: expected key=value, each of letters, digits, '_' and '-', the value in segments separated by '.'",
                $"{file}:8:13: agent.max_jobs must be a number between 1 and 1000",
                $"{file}:11:22: nats.urls 'http://two' is not the address of a broker: expected nats://HOST:PORT or tls://HOST:PORT",
                "OSAPI_LOGGING_LEVEL 'debg' is unknown; did you mean 'debug'? (known: trace, debug, information, warning, error, critical, none)",
                "OSAPI_NATS_REPLICAS must be 1, 3 or 5",
                "--fact 'a.b=c' is not a fact: expected name=value, the name of letters, digits and '_'",
            ],
            Read().Problems);
    }

    [Theory]
    [InlineData("nats: {password: {a: geheim}}")]
    [InlineData("nats: {urls: 'nats://me:geheim@broker'}")]
    [InlineData("nats: {urls: 'natz://me:geheim@broker'}")]
    [InlineData("nats: {password: \"geheim\\u0007\"}")]
    public void A_secret_is_never_repeated(string text)
    {
        Write(text);

        Assert.DoesNotContain("geheim", Assert.Single(Read().Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_variable_that_may_be_mistyped_causes_a_warning_and_others_do_not()
    {
        environment["OSAPI_CONTROLER_LISTEN"] = "http://127.0.0.1:1";
        environment["OSAPI_SERVICE_HOST"] = "10.0.0.1";

        var read = Read();

        Assert.Empty(read.Problems);
        Assert.Equal(["the variable OSAPI_CONTROLER_LISTEN is unknown and does nothing; did you mean 'OSAPI_CONTROLLER_LISTEN'?"], read.Warnings);
    }

    [Fact]
    public void Every_key_and_every_variable_is_there_once_and_no_key_is_a_section()
    {
        Assert.Distinct(SettingTable.All.Select(setting => setting.Key));
        Assert.Distinct(SettingTable.All.Select(setting => setting.Variable));
        Assert.DoesNotContain(SettingTable.All, setting => SettingTable.All.Any(other => other.Section == setting.Key));
    }

    private void Write(string text) => File.WriteAllText(file, text);

    private void Give(Setting setting, string option, string text) => options[setting] = new(option, [new(text, option)]);

    private Configuration Read() => Configuration.Read(options, file, environment);
}
