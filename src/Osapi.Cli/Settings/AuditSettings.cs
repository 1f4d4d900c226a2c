namespace Osapi.Cli.Settings;

/// <summary>The settings of the audit log.</summary>
internal static class AuditSettings
{
    public static Setting<TimeSpan?> KeepFor { get; } = new(
        "controller.audit.keep_for", SettingReaders.One(SettingTexts.Time(TimeSpan.FromDays(1), TimeSpan.FromDays(3650), "1d to 3650d")))
    {
        Summary = "Retention of the audit log; whole files are removed, so that entries may stay an eighth of it longer, a day at most",
        Default = "`90d`",
        Range = "1d to 3650d",
        ApplyToController = (controller, value) => controller with { KeepAudit = value ?? controller.KeepAudit },
    };

    public static Setting<long?> MaxBytes { get; } = new("controller.audit.max_bytes", SettingReaders.One(SettingTexts.Size(1 << 20, 1L << 40, "1MiB to 1024GiB")))
    {
        Summary = "Maximum size of each controller's audit log; beyond it the oldest entries are removed",
        Default = "`1GiB`",
        Range = "1MiB to 1024GiB",
        ApplyToController = (controller, value) => controller with { MaxAuditBytes = value ?? controller.MaxAuditBytes },
    };

    public static IReadOnlyList<Setting> All => [KeepFor, MaxBytes];
}
