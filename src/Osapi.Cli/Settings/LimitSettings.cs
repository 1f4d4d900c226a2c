using Osapi.Controller;

namespace Osapi.Cli.Settings;

/// <summary>The settings of the section <c>controller.limits</c>.</summary>
internal static class LimitSettings
{
    private const int MaxConcurrent = 1_000_000;

    public static Setting<long?> RequestBytes { get; } = new("controller.limits.request_bytes", SettingReaders.One(SettingTexts.Size(1024, 1L << 30, "1KiB to 1GiB")))
    {
        Summary = "Maximum size of a request that carries content: a deployment with variables, a command with input",
        Default = "`16MiB`",
        Range = "1KiB to 1GiB",
        ApplyToController = (controller, value) => controller with { MaxRequestBytes = value ?? controller.MaxRequestBytes },
    };

    public static Setting<long?> SmallRequestBytes { get; } = new("controller.limits.small_request_bytes", SettingReaders.One(SettingTexts.Size(1024, 1L << 30, "1KiB to 1GiB")))
    {
        Summary = "Maximum size of all other requests",
        Default = "`256KiB`",
        Range = "1KiB to 1GiB",
        ApplyToController = Limit<long?>((limits, value) => limits with { SmallRequestBytes = value ?? limits.SmallRequestBytes }),
    };

    public static Setting<long?> UploadBytes { get; } = new("controller.limits.upload_bytes", SettingReaders.One(SettingTexts.Size(1024, 1L << 40, "1KiB to 1024GiB")))
    {
        Summary = "Maximum size of an uploaded file",
        Default = "`10GiB`",
        Range = "1KiB to 1024GiB",
        ApplyToController = (controller, value) => controller with { MaxUploadBytes = value ?? controller.MaxUploadBytes },
    };

    public static Setting<TimeSpan?> BodyTimeout { get; } = new(
        "controller.limits.body_timeout", SettingReaders.One(SettingTexts.Time(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "1s to 1h")))
    {
        Summary = "Time limit for a request's body; an upload must make progress of 8 KiB within each such period",
        Default = "`30s`",
        Range = "1s to 1h",
        ApplyToController = Limit<TimeSpan?>((limits, value) => limits with { BodyTimeout = value ?? limits.BodyTimeout }),
    };

    public static Setting<long?> BodyMemoryBytes { get; } = new("controller.limits.body_memory_bytes", SettingReaders.One(SettingTexts.Size(1 << 20, 1L << 40, "1MiB to 1024GiB")))
    {
        Summary = "Maximum memory for request bodies; one caller gets at most half of it, but always enough for one request of `request_bytes`",
        Default = "`64MiB`",
        Range = "1MiB to 1024GiB",
        ApplyToController = Limit<long?>((limits, value) => limits with { BodyMemoryBytes = value ?? limits.BodyMemoryBytes }),
    };

    public static Setting<int?> Connections { get; } = Number(
        "connections", "Maximum number of connections per listener; beyond it, the connection that has been idle longest is closed", "2000",
        (limits, value) => limits with { MaxConnections = value ?? limits.MaxConnections });

    public static Setting<int?> Requests { get; } = Number(
        "requests", "Maximum number of concurrent requests", "1000",
        (limits, value) => limits with { MaxRequests = value ?? limits.MaxRequests });

    public static Setting<int?> RequestsPerCaller { get; } = Number(
        "requests_per_caller", "Maximum number of concurrent requests per caller", "500",
        (limits, value) => limits with { MaxRequestsPerCaller = value ?? limits.MaxRequestsPerCaller });

    public static Setting<int?> EventStreams { get; } = Number(
        "event_streams", "Maximum number of concurrent event streams", "500",
        (limits, value) => limits with { MaxEventStreams = value ?? limits.MaxEventStreams });

    public static Setting<int?> EventStreamsPerCaller { get; } = Number(
        "event_streams_per_caller", "Maximum number of concurrent event streams per caller", "50",
        (limits, value) => limits with { MaxEventStreamsPerCaller = value ?? limits.MaxEventStreamsPerCaller });

    public static Setting<int?> FailedLogins { get; } = Number(
        "failed_logins", "Maximum number of invalid tokens per address and minute; beyond it, failures are delayed", "10",
        (limits, value) => limits with { MaxFailedLogins = value ?? limits.MaxFailedLogins });

    public static IReadOnlyList<Setting> All =>
    [
        RequestBytes, SmallRequestBytes, UploadBytes, BodyTimeout, BodyMemoryBytes, Connections, Requests, RequestsPerCaller, EventStreams, EventStreamsPerCaller, FailedLogins,
    ];

    private static Setting<int?> Number(string name, string summary, string defaultText, Func<ControllerLimits, int?, ControllerLimits> apply) => new($"controller.limits.{name}", SettingReaders.One(SettingTexts.Number(1, MaxConcurrent)))
    {
        Summary = summary,
        Default = $"`{defaultText}`",
        Range = "1 to 1000000",
        ApplyToController = Limit(apply),
    };

    private static Func<ControllerOptions, T, ControllerOptions> Limit<T>(Func<ControllerLimits, T, ControllerLimits> apply) =>
        (controller, value) => controller with { Limits = apply(controller.Limits, value) };
}
