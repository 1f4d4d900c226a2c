using Osapi.Operations;
using Osapi.Operations.Facts;
using Osapi.Transport.Enrolment;

namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>agent</c>.</summary>
internal static class AgentSettings
{
    private const string SampleFingerprint = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    // It has the form of a token, and is valid nowhere.
    private const string SampleToken = "eyJpZCI6IjAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwIiwibmFtZSI6IndlYi0xIiwibGFiZWxzIjp7fSwiaXNzdWVkIjoiMjAyNi0wMS0wMVQwMDowMDowMCswMDowMCIsImV4cGlyZXMiOiIyMDI2LTAxLTAyVDAwOjAwOjAwKzAwOjAwIn0.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA." + SampleFingerprint;

    public static Setting<string> Hostname { get; } = new("agent.hostname", SettingReaders.One(SettingTexts.Hostname))
    {
        Summary = "The agent's name in targets and answers",
        Default = "the machine's name",
        Sample = "web-1",
        Range = "a host name",
        ApplyToAgent = (agent, value) => agent with { Hostname = value },
    };

    public static Setting<IReadOnlyDictionary<string, string>> Labels { get; } = new(
        "agent.labels", SettingReaders.Map("a label", "key=value, each of letters, digits, '_' and '-', the value in segments separated by '.'", Target.IsLabel))
    {
        Summary = "Labels that targets name: `group: web.dev` is in `group:web`",
        Default = "none",
        Sample = "{group: web.dev, zone: a}",
        Range = "keys with values of letters, digits, `_`, `-`, the value in segments separated by `.`",
        Shape = SettingShape.Map,
        ApplyToAgent = (agent, value) => agent with { Labels = value },
    };

    public static Setting<int?> MaxJobs { get; } = new("agent.max_jobs", SettingReaders.One(SettingTexts.Number(1, 1000)))
    {
        Summary = "Maximum number of jobs that run at the same time",
        Default = "`10`",
        Range = "1 to 1000",
        ApplyToAgent = (agent, value) => agent with { MaxJobs = value ?? agent.MaxJobs },
    };

    public static Setting<IReadOnlyDictionary<string, string>> Facts { get; } = new(
        "agent.facts",
        SettingReaders.Map("a fact", "name=value, the name of letters, digits and '_'", static (name, _) => FactKeys.IsCustomName(name)))
    {
        Summary = "Custom facts, which requests refer to as `@fact.custom.NAME`",
        Default = "none",
        Sample = "{site: berlin}",
        Range = "names of letters, digits and `_`, with any text",
        Shape = SettingShape.Map,
        ApplyToAgent = (agent, value) => agent with { CustomFacts = value },
    };

    public static Setting<string> DockerHost { get; } = new("agent.docker_host", SettingReaders.One(SettingTexts.UnixSocket))
    {
        Summary = "The socket of the host's Docker engine; when it is not given, `DOCKER_HOST` applies",
        Default = "`unix:///var/run/docker.sock`",
        Range = "`unix:///PATH`",
        ApplyToAgent = (agent, value) => agent with { DockerHost = value },
    };

    public static Setting<long?> OutputBytes { get; } = new("agent.output.max_bytes", SettingReaders.One(SettingTexts.Size(1 << 20, 1L << 30, "1MiB to 1GiB")))
    {
        Summary = "Maximum size of each output stream of a command; beyond it the stream is cut, and the command goes on",
        Default = "`64MiB`",
        Range = "1MiB to 1GiB",
        ApplyToAgent = (agent, value) => agent with { Output = agent.Output with { MaxBytes = value ?? agent.Output.MaxBytes } },
    };

    public static Setting<long?> OutputSpoolBytes { get; } = new("agent.output.spool_bytes", SettingReaders.One(SettingTexts.Size(1 << 20, 1L << 40, "1MiB to 1024GiB")))
    {
        Summary = "Maximum space in the state directory for the output of all running commands; beyond it their streams are cut",
        Default = "`1GiB`",
        Range = "1MiB to 1024GiB",
        ApplyToAgent = (agent, value) => agent with { Output = agent.Output with { MaxSpoolBytes = value ?? agent.Output.MaxSpoolBytes } },
    };

    public static Setting<double?> MemoryPressure { get; } = new("agent.conditions.memory_pressure", SettingReaders.One(SettingTexts.Fraction(1, 100)))
    {
        Summary = "Memory usage (percent) above which the condition MemoryPressure is true",
        Default = "`90`",
        Range = "1 to 100",
        ApplyToAgent = (agent, value) => agent with { Conditions = agent.Conditions with { MemoryPressure = value ?? agent.Conditions.MemoryPressure } },
    };

    public static Setting<double?> HighLoad { get; } = new("agent.conditions.high_load", SettingReaders.One(SettingTexts.Fraction(0.1, 1000)))
    {
        Summary = "Load average over one minute, per processor, above which the condition HighLoad is true",
        Default = "`2`",
        Range = "0.1 to 1000",
        ApplyToAgent = (agent, value) => agent with { Conditions = agent.Conditions with { HighLoad = value ?? agent.Conditions.HighLoad } },
    };

    public static Setting<double?> DiskPressure { get; } = new("agent.conditions.disk_pressure", SettingReaders.One(SettingTexts.Fraction(1, 100)))
    {
        Summary = "Usage of a local file system (percent) above which the condition DiskPressure is true",
        Default = "`90`",
        Range = "1 to 100",
        ApplyToAgent = (agent, value) => agent with { Conditions = agent.Conditions with { DiskPressure = value ?? agent.Conditions.DiskPressure } },
    };

    public static Setting<JoinToken> JoinToken { get; } = new("agent.join_token", SettingReaders.One(SettingTexts.JoinToken))
    {
        Summary = "The join token with which the agent enrolls; an agent that is enrolled needs none",
        Default = "none",
        Sample = SampleToken,
        Range = "the output of `osapi agent join-token`",
        IsSecret = true,
        ApplyToAgent = (agent, value) => agent with { JoinToken = value },
    };

    public static Setting<string> JoinTokenFile { get; } = new("agent.join_token_file", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The file with the join token",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/join-token",
        Range = "a file",
    };

    public static Setting<string> ControllerKey { get; } = new("agent.controller_key", SettingReaders.One(SettingTexts.Fingerprint))
    {
        Summary = "The fingerprint of the controllers' key, which the agent trusts when it has no join token; the output of `osapi controller fingerprint`",
        Default = "the one in the join token",
        Sample = SampleFingerprint,
        Range = "`SHA256:` and 43 characters",
        ApplyToAgent = (agent, value) => agent with { ControllersFingerprint = value },
    };

    public static IReadOnlyList<Setting> All => [Hostname, Labels, JoinToken, JoinTokenFile, ControllerKey, MaxJobs, Facts, DockerHost, OutputBytes, OutputSpoolBytes, MemoryPressure, HighLoad, DiskPressure];
}
