using Microsoft.Extensions.Time.Testing;
using Osapi.Agent.Jobs.Ledgers;

namespace Osapi.Agent.Tests.Jobs;

/// <summary>A fixture with a directory for one ledger and a clock that stands still; deleted after the test.</summary>
internal sealed class LedgerFixture : IDisposable
{
    private readonly DirectoryInfo root = System.IO.Directory.CreateTempSubdirectory("ledger-");

    public string Directory => Path.Combine(root.FullName, "state");

    public string File => Path.Combine(Directory, "ledger");

    public FakeTimeProvider Time { get; } = new(new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public Task<Ledger> OpenAsync(long compactAt = 16 * 1024 * 1024) =>
        Ledger.OpenAsync(new() { Directory = Directory, Time = Time, CompactAt = compactAt }, TestContext.Current.CancellationToken);

    public void Dispose() => root.Delete(recursive: true);
}
