using Microsoft.Extensions.Logging;

namespace Osapi.Cli.Logging;

/// <summary>What a system that runs logs, and from which level.</summary>
internal static class ServiceLogging
{
    public static Action<ILoggingBuilder> From(LogLevel level) => logging => logging
        .SetMinimumLevel(level)
        .AddFilter("Microsoft", level > LogLevel.Warning ? level : LogLevel.Warning)
        // What failed, with a page of where; the command says it in a line when it ends.
        .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None)
        .AddProvider(LineLogger.ToStandardError());
}
