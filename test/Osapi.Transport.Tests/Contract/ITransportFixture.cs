namespace Osapi.Transport.Tests.Contract;

/// <summary>One store for one test.</summary>
public interface ITransportFixture : IAsyncDisposable
{
    /// <summary>Opens the store, which is empty.</summary>
    Task<ITransport> OpenAsync();

    /// <summary>Closes what was opened and opens the same store again.</summary>
    Task<ITransport> ReopenAsync();

    /// <summary>Lets time pass for the store: a clock that is moved, or real time.</summary>
    Task LetPassAsync(TimeSpan time);
}
