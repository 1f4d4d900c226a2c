using Microsoft.Extensions.Logging;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Logging;

/// <summary>The log configuration of a service.</summary>
internal static class ServiceLogging
{
    /// <summary>Creates the logging configuration of a service from its settings.</summary>
    public static Action<ILoggingBuilder> From(Configuration configuration) =>
        From(
            configuration.Get(GeneralSettings.LogLevel) is { } level ? Enum.Parse<LogLevel>(level, ignoreCase: true) : LogLevel.Information,
            isJson: configuration.Get(GeneralSettings.LogFormat) == "json");

    private static Action<ILoggingBuilder> From(LogLevel level, bool isJson) => logging => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning)
        // The host logs a failure with a long stack trace; the command reports it in one line when it ends.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
        .AddProvider(isJson ? JsonLogger.ToStandardError() : LineLogger.ToStandardError());
}
