using Osapi.Agent.Hosts.Restrictions;
using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>Tests of an agent whose configuration limits images and paths, on real engines.</summary>
public sealed class RestrictedImageTests(SharedEngines engines)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_denied_image_is_neither_pulled_nor_run_under_another_name_or_its_id()
    {
        await using var open = await engines.FixtureAsync();
        await open.CreateAsync();
        await open.ResultAsync(DockerOperations.Stop, new() { Id = open.Name(), Timeout = 0 });
        var image = await open.Engine.Client.Images.InspectImageAsync(TestEngine.Image, Token);
        await open.Engine.Client.Images.TagImageAsync(image.ID, new() { RepositoryName = "harmless", Tag = open.Name("tag") }, Token);
        var denying = With(open, new() { Deny = new() { Images = [TestEngine.Image] } });

        foreach (var name in (string[])[TestEngine.Image, image.ID, "harmless:" + open.Name("tag")])
            await denying.RefusalAsync(DockerOperations.Create, denying.Sleeper("other") with { Image = name }, ErrorType.Denied);
        await denying.RefusalAsync(DockerOperations.Pull, new() { Image = TestEngine.Image }, ErrorType.Denied);
        await denying.RefusalAsync(DockerOperations.Start, new() { Id = open.Name() }, ErrorType.Denied);
        await open.ResultAsync(DockerOperations.Start, new() { Id = open.Name() });
        await denying.RefusalAsync(DockerOperations.Exec, denying.Exec("true") with { Id = open.Name() }, ErrorType.Denied);

        await open.ResultAsync(DockerOperations.Remove, new() { Id = open.Name(), Force = true });
        await open.Engine.Client.Images.DeleteImageAsync("harmless:" + open.Name("tag"), new(), Token);
    }

    [Fact]
    public async Task Only_allowed_images_run()
    {
        await using var open = await engines.FixtureAsync();
        var allowing = With(open, new() { Allow = new() { Images = [TestEngine.Image] } });
        var other = With(open, new() { Allow = new() { Images = ["registry.example.com/team/*"] } });

        await other.RefusalAsync(DockerOperations.Create, other.Sleeper(), ErrorType.Denied);
        await other.RefusalAsync(DockerOperations.Pull, new() { Image = "alpine" }, ErrorType.Denied);
        var created = await allowing.ResultAsync(DockerOperations.Create, open.Sleeper());

        await open.ResultAsync(DockerOperations.Remove, new() { Id = created.Id, Force = true });
    }

    [Fact]
    public async Task A_container_gets_no_denied_path_and_none_above_it()
    {
        await using var open = await engines.FixtureAsync();
        var directory = Directory.CreateTempSubdirectory("osapi-mount-").FullName;
        Directory.CreateSymbolicLink(Path.Join(directory, "link"), "/etc");
        var denying = With(open, new() { Deny = new() { Paths = ["/etc/shadow"] } });

        foreach (var source in (string[])["/", "/etc", "/etc/shadow", Path.Join(directory, "link")])
            await denying.RefusalAsync(DockerOperations.Create, open.Sleeper() with { Volumes = [$"{source}:/mnt:ro"] }, ErrorType.Denied);
        await denying.RefusalAsync(DockerOperations.Pull, new() { Image = TestEngine.Image, CredentialsFile = "/etc/shadow" }, ErrorType.Denied);
        var created = await denying.ResultAsync(DockerOperations.Create, open.Sleeper() with { Volumes = [$"{directory}:/mnt:ro"] });

        await open.ResultAsync(DockerOperations.Remove, new() { Id = created.Id, Force = true });
        Directory.Delete(directory, recursive: true);
    }

    private static DockerFixture With(DockerFixture open, AgentRestrictions restrictions) => new(open.Engine) { Host = open.Host with { Restrictions = restrictions } };
}
