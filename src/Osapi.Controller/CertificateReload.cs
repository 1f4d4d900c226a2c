using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Controller;

/// <summary>Compares the files of the controller's certificate every second, and reads them again when they change.</summary>
internal sealed partial class CertificateReload(ControllerOptions options, TimeProvider time, ILogger<CertificateReload> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => options.Tls is not { } certificate ? Task.CompletedTask : PeriodicLoop.RunAsync(
        Interval,
        time,
        _ =>
        {
            if (!certificate.Refresh())
                return Task.CompletedTask;
            if (certificate.Problem is { } problem)
                LogProblem(problem);
            else
                LogChanged();
            return Task.CompletedTask;
        },
        stoppingToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "The certificate has changed; new connections use it")]
    private partial void LogChanged();

    [LoggerMessage(Level = LogLevel.Error, Message = "The changed certificate is not used, the one of before stays: {Reason}")]
    private partial void LogProblem(string reason);
}
