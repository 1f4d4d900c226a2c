using Osapi.Transport.Trust;

namespace Osapi.Transport.Tests.Trust;

/// <summary>Tests of the files of the controllers' keys while they are changed.</summary>
public sealed class ControllerKeyChainTests : IDisposable
{
    private readonly string directory = Directory.CreateTempSubdirectory("osapi-keys-").FullName;

    private string KeyFile => Path.Combine(directory, ControllerKeys.FileName);

    public void Dispose() => Directory.Delete(directory, recursive: true);

    [Fact]
    public void Keys_are_created_switched_to_and_retired()
    {
        var first = Fingerprints().Single();
        Assert.Equal(KeyFile + ".next", ControllerKeyChain.CreateNext(KeyFile));
        var both = Fingerprints();
        Assert.Equal(first, both[0]);
        ControllerKeyChain.Switch(KeyFile);
        Assert.Equal([both[1], first], Fingerprints());
        ControllerKeyChain.Retire(KeyFile);
        Assert.Equal([both[1]], Fingerprints());

        Assert.Equal([KeyFile], Directory.GetFiles(directory));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
    }

    [Fact]
    public void Steps_in_another_order_are_refused_and_change_nothing()
    {
        var first = Fingerprints().Single();
        AssertRefused(() => ControllerKeyChain.Switch(KeyFile), "there are no next keys");
        AssertRefused(() => ControllerKeyChain.Retire(KeyFile), "there are no previous keys");
        ControllerKeyChain.CreateNext(KeyFile);
        var both = Fingerprints();
        AssertRefused(() => ControllerKeyChain.CreateNext(KeyFile), "there are next keys already");
        AssertRefused(() => ControllerKeyChain.Retire(KeyFile), "there are no previous keys");
        Assert.Equal(both, Fingerprints());
        ControllerKeyChain.Switch(KeyFile);
        AssertRefused(() => ControllerKeyChain.CreateNext(KeyFile), "the keys before the present ones are not retired yet");
        AssertRefused(() => ControllerKeyChain.Switch(KeyFile), "there are no next keys");
        Assert.Equal([both[1], first], Fingerprints());
    }

    /// <summary>Tests the instant between the two steps of a switch: the present keys have a second name, and the next ones are still there.</summary>
    [Fact]
    public void A_switch_that_was_interrupted_is_repeated()
    {
        Fingerprints();
        ControllerKeyChain.CreateNext(KeyFile);
        var both = Fingerprints();
        File.Copy(KeyFile, KeyFile + ".previous");

        Assert.Equal(both, Fingerprints());
        ControllerKeyChain.Switch(KeyFile);
        Assert.Equal([both[1], both[0]], Fingerprints());
    }

    [Fact]
    public void Keys_of_another_system_are_refused()
    {
        Fingerprints();
        using (ControllerKeyChain.Load(Path.Combine(directory, "other")))
            File.Move(Path.Combine(directory, "other"), KeyFile + ".next");

        Assert.Contains("has the keys of another system", Assert.Throws<InvalidDataException>(() => ControllerKeyChain.Load(KeyFile)).Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(Action act, string reason) => Assert.StartsWith(reason, Assert.Throws<KeyChangeException>(act).Message, StringComparison.Ordinal);

    private List<string> Fingerprints()
    {
        using var keys = ControllerKeyChain.Load(KeyFile);
        return [.. keys.Accepted.Select(key => key.Fingerprint)];
    }
}
