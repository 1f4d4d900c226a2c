using Microsoft.Extensions.Logging;
using Osapi.Cli.Settings;

namespace Osapi.Cli.Logging;

/// <summary>What a system that runs logs, and from which level.</summary>
internal static class ServiceLogging
{
    /// <summary>Gets the logging of a service as the configuration says.</summary>
    public static Action<ILoggingBuilder> From(Configuration configuration) =>
        From(
            configuration.Get(GeneralSettings.LogLevel) is { } level ? Enum.Parse<LogLevel>(level, ignoreCase: true) : LogLevel.Information,
            isJson: configuration.Get(GeneralSettings.LogFormat) == "json");

    private static Action<ILoggingBuilder> From(LogLevel level, bool isJson) => logging => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning)
        // What failed, with a page of where; the command says it in a line when it ends.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
        .AddProvider(isJson ? JsonLogger.ToStandardError() : LineLogger.ToStandardError());
}
