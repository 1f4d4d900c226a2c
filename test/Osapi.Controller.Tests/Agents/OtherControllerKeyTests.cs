using Osapi.Transport;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Tests.Agents;

/// <summary>Tests of a controller that is started on the store of others without their key.</summary>
public sealed class OtherControllerKeyTests() : ControllerTest(new AgentSetup("web-01"))
{
    [Fact]
    public async Task It_does_not_start_and_says_which_file_to_copy()
    {
        var directory = Directory.CreateTempSubdirectory("osapi-other-").FullName;
        var own = ControllerKeys.LoadOrCreate(Path.Combine(directory, ControllerKeys.FileName)).Public.Fingerprint;
        var first = ControllerKeys.LoadOrCreate(Path.Combine(fixture.Directory, ControllerKeys.FileName)).Public.Fingerprint;

        var failure = await Assert.ThrowsAsync<TransportException>(() => OsapiController.StartAsync(
            new() { Transport = fixture.Transport, StateDirectory = directory }, new() { Urls = [new("http://127.0.0.1:0")] }, _ => { }, fixture.TestTimeout));

        Assert.Equal(
            $"the store belongs to controllers with the key {first}, and this one has {own}: copy controller.key from one of them, because all controllers of a system need the same one",
            failure.Message);
        Directory.Delete(directory, recursive: true);
    }
}
