using Microsoft.Extensions.Logging;

namespace Osapi.Agent.Tests.Handlers;

/// <summary>A log that keeps only the exceptions.</summary>
internal sealed class ExceptionLogger(List<Exception> exceptions) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is not null)
            exceptions.Add(exception);
    }
}
