namespace Osapi.Transport.Tests.Contract;

/// <summary>A fixture with one store for one test.</summary>
public interface ITransportFixture : IAsyncDisposable
{
    /// <summary>Opens the empty store.</summary>
    Task<ITransport> OpenAsync();

    /// <summary>Closes the store and opens it again.</summary>
    Task<ITransport> ReopenAsync();

    /// <summary>Lets time pass for the store: on a clock that is advanced, or in real time.</summary>
    Task LetPassAsync(TimeSpan time);
}
