namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>controller</c>.</summary>
internal static class ControllerSettings
{
    public static Setting<IReadOnlyList<Uri>> Listen { get; } = new("controller.listen", SettingReaders.List(SettingTexts.Listen))
    {
        Summary = "The TCP addresses to listen on; `0.0.0.0` means every address, port 0 chooses a free port, an empty list leaves only the socket",
        Default = "`http://127.0.0.1:8080`",
        Range = "`http://IP:PORT`, or `https://IP:PORT` with a certificate",
        Shape = SettingShape.List,
        ApplyToController = (controller, value) => controller with { Urls = value },
    };

    public static Setting<string> AllowInsecure { get; } = new("controller.allow_insecure", SettingReaders.One(SettingReaders.Choice(["true", "false"])))
    {
        Summary = "`true` to listen with plain `http` on addresses beyond this machine: everyone on the way can read tokens and use them",
        Default = "`false`",
        Range = "`true`, `false`",
    };

    public static Setting<string> Socket { get; } = new("controller.socket", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The Unix socket, which commands on this machine connect to",
        Default = "`osapi.sock` in `state_dir`",
        Sample = "/var/lib/osapi/osapi.sock",
        Range = "a path of at most 107 bytes",
        ApplyToController = (controller, value) => controller with { Socket = value },
    };

    public static Setting<string> SigningKey { get; } = new("controller.signing_key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The key that signs tokens, created when it does not exist; controllers behind one load balancer need the same key",
        Default = "`signing.key` in `state_dir`",
        Sample = "/var/lib/osapi/signing.key",
        Range = "a file that only its owner can read",
        ApplyToController = (controller, value) => controller with { SigningKeyFile = value },
    };

    public static Setting<string> Certificate { get; } = new("controller.tls.certificate", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate for `https`, followed by its intermediate certificates",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/controller.pem",
        Range = "a PEM file",
    };

    public static Setting<string> CertificateKey { get; } = new("controller.tls.key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate's private key",
        Default = "none",
        Sample = ConfigurationFile.Directory + "/controller.key",
        Range = "a PEM file without a passphrase",
    };

    public static Setting<TimeSpan?> KeepJobs { get; } = new(
        "controller.jobs.keep_for", SettingReaders.One(SettingTexts.Time(TimeSpan.FromHours(3), TimeSpan.FromDays(3650), "3h to 3650d")))
    {
        Summary = "Retention of jobs and their results",
        Default = "`7d`",
        Range = "3h to 3650d",
        ApplyToController = (controller, value) => controller with { KeepJobs = value ?? controller.KeepJobs },
    };

    public static Setting<int?> KeepAtMost { get; } = new("controller.jobs.keep_most", SettingReaders.One(SettingTexts.Number(1, 100_000_000)))
    {
        Summary = "Maximum number of ended jobs to keep; the oldest are deleted first",
        Default = "no limit",
        Sample = "1000000",
        Range = "1 to 100000000",
        ApplyToController = (controller, value) => controller with { KeepAtMost = value },
    };

    public static Setting<TimeSpan?> KeepAgents { get; } = new(
        "controller.agents.keep_for", SettingReaders.One(SettingTexts.Time(TimeSpan.FromHours(1), TimeSpan.FromDays(3650), "1h to 3650d")))
    {
        Summary = "Time after the last heartbeat for which an agent stays in the list",
        Default = "`30d`",
        Range = "1h to 3650d",
        ApplyToController = (controller, value) => controller with { KeepAgents = value ?? controller.KeepAgents },
    };

    public static Setting<int?> MaxDetachedRuns { get; } = new("controller.max_detached_runs", SettingReaders.One(SettingTexts.Number(0, 1000)))
    {
        Summary = "Maximum number of plans that the controller runs at the same time for callers that handed them over; further ones wait",
        Default = "`10`",
        Range = "0 to 1000",
        ApplyToController = (controller, value) => controller with { MaxDetachedRuns = value ?? controller.MaxDetachedRuns },
    };

    public static Setting<string> MetricsAccess { get; } = new("controller.metrics.access", SettingReaders.One(SettingReaders.Choice(["local", "everyone", "nobody"])))
    {
        Summary = "Who reads `/metrics` without a token: `local` callers on this machine, `everyone`, or `nobody`; others need the permission `health:read`",
        Default = "`local`",
        Range = "`local`, `everyone`, `nobody`",
        ApplyToController = (controller, value) => controller with { MetricsAccess = Enum.Parse<Osapi.Controller.Metrics.MetricsAccess>(value, ignoreCase: true) },
    };

    public static IReadOnlyList<Setting> All => [Listen, AllowInsecure, Socket, SigningKey, Certificate, CertificateKey, .. AuthSettings.All, .. LimitSettings.All, KeepJobs, KeepAtMost, KeepAgents, MaxDetachedRuns, MetricsAccess, .. AuditSettings.All];
}
