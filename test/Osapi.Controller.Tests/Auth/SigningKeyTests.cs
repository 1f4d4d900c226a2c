using Osapi.Controller.Auth;

namespace Osapi.Controller.Tests.Auth;

/// <summary>Tests of the token signing key.</summary>
public sealed class SigningKeyTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string directory = Directory.CreateTempSubdirectory("osapi-").FullName;

    private string KeyPath => Path.Combine(directory, "signing.key");

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void A_new_key_has_256_bits_and_only_its_owner_can_read_it()
    {
        SigningKey.LoadOrCreate(KeyPath);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(KeyPath));
        Assert.Equal(32, Convert.FromHexString(File.ReadAllText(KeyPath).Trim()).Length);
        Assert.Equal([KeyPath], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public void A_directory_that_is_missing_is_created_for_its_owner_only()
    {
        var missing = Path.Combine(directory, "missing");

        SigningKey.LoadOrCreate(Path.Combine(missing, "signing.key"));

        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(missing));
    }

    [Fact]
    public void Two_keys_are_never_the_same()
    {
        SigningKey.LoadOrCreate(KeyPath);
        SigningKey.LoadOrCreate(KeyPath + "2");

        Assert.NotEqual(File.ReadAllText(KeyPath), File.ReadAllText(KeyPath + "2"));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_key_that_others_can_read_or_write_is_refused_with_the_cure(UnixFileMode more)
    {
        SigningKey.LoadOrCreate(KeyPath);
        File.SetUnixFileMode(KeyPath, OwnerOnly | more);

        var failure = Assert.Throws<InvalidDataException>(() => SigningKey.LoadOrCreate(KeyPath));

        Assert.Contains($"chmod 600 {KeyPath}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not hexadecimal")]
    [InlineData("abcdef")]
    public void An_invalid_key_is_refused_without_being_shown(string content)
    {
        File.WriteAllText(KeyPath, content);
        File.SetUnixFileMode(KeyPath, OwnerOnly);

        var failure = Assert.Throws<InvalidDataException>(() => SigningKey.LoadOrCreate(KeyPath));

        Assert.Equal($"{KeyPath} is not a signing key: expected at least 64 hexadecimal digits", failure.Message);
    }

    [Fact]
    public async Task Concurrent_processes_get_the_same_key()
    {
        using Barrier together = new(16);

        var keys = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return Convert.ToHexString(SigningKey.LoadOrCreate(KeyPath).Security.Key);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));

        Assert.Single(keys.Distinct());
        Assert.Equal([KeyPath], Directory.GetFileSystemEntries(directory));
    }

    [Fact]
    public async Task On_a_full_disk_no_half_key_is_left()
    {
        await using var disk = await SmallDisk.MountAsync(Path.Combine(directory, "disk"), size: "1m");
        var path = Path.Combine(directory, "disk", "signing.key");
        disk.Fill();

        Assert.Contains("No space left", Assert.Throws<IOException>(() => SigningKey.LoadOrCreate(path)).Message, StringComparison.Ordinal);

        disk.MakeRoom();
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(directory, "disk")));
        SigningKey.LoadOrCreate(path);
    }
}
