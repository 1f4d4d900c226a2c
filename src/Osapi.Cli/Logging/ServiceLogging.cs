using Microsoft.Extensions.Logging;

namespace Osapi.Cli.Logging;

/// <summary>The log configuration of a service.</summary>
internal static class ServiceLogging
{
    public static Action<ILoggingBuilder> From(LogLevel level) => logging => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning)
        // The host logs a failure with a long stack trace; the command reports it in one line when it ends.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
        .AddProvider(LineLogger.ToStandardError());
}
