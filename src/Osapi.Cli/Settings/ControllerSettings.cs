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

    public static Setting<string> Socket { get; } = new("controller.socket", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The Unix socket, which commands on this machine connect to",
        Default = "`osapi.sock` in `state_dir`",
        Range = "a path of at most 107 bytes",
        ApplyToController = (controller, value) => controller with { Socket = value },
    };

    public static Setting<string> SigningKey { get; } = new("controller.signing_key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The key that signs tokens, created when it does not exist; controllers behind one load balancer need the same key",
        Default = "`signing.key` in `state_dir`",
        Range = "a file that only its owner can read",
        ApplyToController = (controller, value) => controller with { SigningKeyFile = value },
    };

    public static Setting<string> Certificate { get; } = new("controller.tls.certificate", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate for `https`, followed by its intermediate certificates",
        Default = "none",
        Range = "a PEM file",
    };

    public static Setting<string> CertificateKey { get; } = new("controller.tls.key", SettingReaders.One(SettingTexts.Path))
    {
        Summary = "The certificate's private key",
        Default = "none",
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

    public static IReadOnlyList<Setting> All => [Listen, Socket, SigningKey, Certificate, CertificateKey, .. LimitSettings.All, KeepJobs, KeepAtMost, KeepAgents];
}
