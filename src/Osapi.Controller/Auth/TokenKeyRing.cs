using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Transport;

namespace Osapi.Controller.Auth;

/// <summary>The keys that sign valid tokens. The files are compared four times a second, so that a key is accepted or refused without a restart.</summary>
internal sealed partial class TokenKeyRing : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly TokenKeyFiles files;
    private readonly TimeProvider time;
    private readonly ILogger<TokenKeyRing> logger;
    private TokenKeySet current;
    private string description;

    public TokenKeyRing(TokenKeyFiles files, TimeProvider time, ILogger<TokenKeyRing> logger)
    {
        (this.files, this.time, this.logger) = (files, time, logger);
        description = files.Describe();
        current = Read();
    }

    /// <summary>The keys at this moment. Another object means other keys.</summary>
    public TokenKeySet Current => Volatile.Read(ref current);

    /// <summary>Raised after the keys have changed.</summary>
    public event Action? Changed;

    /// <summary>Reads the files again, if they have changed.</summary>
    public void Refresh()
    {
        string found;
        try
        {
            found = files.Describe();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            found = exception.Message;
        }

        if (found == description)
            return;
        description = found;
        Volatile.Write(ref current, Read());
        LogChanged(Current.Keys.Count);
        Changed?.Invoke();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => PeriodicLoop.RunAsync(
        Interval,
        time,
        _ =>
        {
            Refresh();
            return Task.CompletedTask;
        },
        stoppingToken);

    private TokenKeySet Read()
    {
        List<string> problems = [];
        var keys = files.Read(problems);
        foreach (var problem in problems)
            LogProblem(problem);
        return keys;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The keys for tokens have changed: {Count} keys are accepted")]
    private partial void LogChanged(int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "A key for tokens is not used: {Reason}")]
    private partial void LogProblem(string reason);
}
