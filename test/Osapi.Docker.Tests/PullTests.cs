using System.Net;
using Osapi.Docker.Tests.Engines;
using Osapi.Operations;
using Osapi.Operations.Docker;

namespace Osapi.Docker.Tests;

/// <summary>Tests of pulls from real registries: open, with a user, and down.</summary>
public sealed class PullTests(SharedEngines engines)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task A_pull_changes_a_host_only_when_the_digest_moved(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        var registry = await engines.RegistryAsync(withUser: false);
        ImageName image = $"{registry.Name}/moves-{kind}:1";
        await PushAsync(registry, $"moves-{kind}:1", "old");

        var first = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = image });
        var again = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = image });
        await PushAsync(registry, $"moves-{kind}:1", "new");
        var moved = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = image });

        Assert.Equal((true, false, true), (first.Changed, again.Changed, moved.Changed));
        Assert.Equal((image.Value, "1"), (first.Image, first.Tag));
        Assert.Matches("^sha256:[0-9a-f]{64}$", first.Digest!);
        Assert.True(first.LayersPulled > 0 && first.Size > 100_000, $"{first.LayersPulled} layers, {first.Size} bytes");
        Assert.Equal((first.Digest, first.ImageId, 0), (again.Digest, again.ImageId, again.LayersPulled));
        Assert.NotEqual(first.Digest, moved.Digest);
        Assert.NotEqual(first.ImageId, moved.ImageId);
        await RemoveAsync(fixture, image, first.ImageId!);
    }

    [Fact]
    public async Task A_check_asks_the_registry_and_pulls_nothing()
    {
        await using var fixture = await engines.FixtureAsync();
        var registry = await engines.RegistryAsync(withUser: false);
        ImageName image = $"{registry.Name}/checked:1";
        await PushAsync(registry, "checked:1", "old");

        var absent = await fixture.RunAsync(DockerOperations.Pull, new() { Image = image }, check: true);
        var pulled = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = image });
        var current = await fixture.RunAsync(DockerOperations.Pull, new() { Image = image }, check: true);
        await PushAsync(registry, "checked:1", "new");
        var moved = await fixture.RunAsync(DockerOperations.Pull, new() { Image = image }, check: true);

        Assert.Equal((true, false, true), (absent.Check!.Changed, current.Check!.Changed, moved.Check!.Changed));
        Assert.Equal(pulled.Digest, absent.Check.After!.Value.GetProperty("digest").GetString());
        Assert.Equal(pulled.ImageId, moved.Check.Before!.Value.GetProperty("image_id").GetString());
        Assert.NotEqual(pulled.Digest, moved.Check.After!.Value.GetProperty("digest").GetString());
        await RemoveAsync(fixture, image, pulled.ImageId!);
    }

    [Fact]
    public async Task An_engine_that_cannot_query_the_registry_cannot_predict_a_pull()
    {
        await using var fixture = await engines.FixtureAsync("podman");
        var registry = await engines.RegistryAsync(withUser: false);
        ImageName image = $"{registry.Name}/unforeseen:1";
        await PushAsync(registry, "unforeseen:1", "old");

        var absent = await fixture.RunAsync(DockerOperations.Pull, new() { Image = image }, check: true);
        var pulled = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = image });
        var current = await fixture.RunAsync(DockerOperations.Pull, new() { Image = image }, check: true);

        Assert.Equal((true, null), (absent.Check!.Changed, current.Check!.Changed));
        await RemoveAsync(fixture, image, pulled.ImageId!);
    }

    [Fact]
    public async Task An_image_can_be_requested_by_its_digest()
    {
        await using var fixture = await engines.FixtureAsync();
        var registry = await engines.RegistryAsync(withUser: false);
        await PushAsync(registry, "exact:1", "old");
        var tagged = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = $"{registry.Name}/exact:1" });
        await fixture.ResultAsync(DockerOperations.RemoveImage, new() { Image = $"{registry.Name}/exact:1" });
        ImageName exact = $"{registry.Name}/exact@{tagged.Digest}";

        var pulled = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = exact });
        var again = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = exact });

        Assert.Equal((true, false, null, tagged.Digest), (pulled.Changed, again.Changed, pulled.Tag, pulled.Digest));
        await RemoveAsync(fixture, exact, pulled.ImageId!);
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task A_tag_or_a_repository_that_is_not_there_is_not_found(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        var registry = await engines.RegistryAsync(withUser: false);
        await PushAsync(registry, $"there-{kind}:1", "old");

        Assert.Contains("manifest unknown", await fixture.RefusalAsync(DockerOperations.Pull, new() { Image = $"{registry.Name}/there-{kind}:2" }, ErrorType.NotFound), StringComparison.Ordinal);
        await fixture.RefusalAsync(DockerOperations.Pull, new() { Image = $"{registry.Name}/not-there:1" }, ErrorType.NotFound);
        Assert.Equal(ErrorType.NotFound, kind == "podman" ? ErrorType.NotFound : (await fixture.RunAsync(DockerOperations.Pull, new() { Image = $"{registry.Name}/not-there:1" }, check: true)).ErrorType);
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task A_registry_that_is_down_is_unavailable_and_named(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        var nowhere = Registry.Nowhere;

        // Podman would use TLS with an unknown registry; it is refused before that.
        Assert.Contains(nowhere, await fixture.RefusalAsync(DockerOperations.Pull, new() { Image = $"{nowhere}/app:1" }, ErrorType.Unavailable), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(LifecycleTests.Kinds), MemberType = typeof(LifecycleTests))]
    public async Task Credentials_come_from_a_file_on_the_host(string kind)
    {
        await using var fixture = await engines.FixtureAsync(kind);
        var registry = await engines.RegistryAsync(withUser: true);
        ImageName image = $"{registry.Name}/private-{kind}:1";
        await PushAsync(registry, $"private-{kind}:1", "secret");

        var without = await fixture.RefusalAsync(DockerOperations.Pull, new() { Image = image }, ErrorType.Failed);
        var wrong = await fixture.RefusalAsync(DockerOperations.Pull, new() { Image = image, CredentialsFile = registry.Credentials("wrong") }, ErrorType.Failed);
        var pulled = await fixture.RunAsync(DockerOperations.Pull, new() { Image = image, CredentialsFile = registry.Credentials() });

        Assert.EndsWith("the host has no credentials for it", without, StringComparison.Ordinal);
        Assert.EndsWith("it rejects the host's credentials", wrong, StringComparison.Ordinal);
        Assert.Equal((Outcome.Ok, true), (pulled.Outcome, pulled.Changed));
        Assert.DoesNotContain(Registry.Password, pulled.Result!.Value.GetRawText(), StringComparison.Ordinal);
        await RemoveAsync(fixture, image, DockerFixture.Read(DockerOperations.Pull, pulled).ImageId!);
    }

    [Fact]
    public async Task Credentials_come_from_where_dockers_own_client_keeps_them()
    {
        await using var fixture = await engines.FixtureAsync();
        var registry = await engines.RegistryAsync(withUser: true);
        ImageName image = $"{registry.Name}/default:1";
        await PushAsync(registry, "default:1", "secret");
        var directory = Directory.CreateTempSubdirectory("osapi-docker-config-").FullName;
        File.Copy(registry.Credentials(), Path.Join(directory, "config.json"));
        Environment.SetEnvironmentVariable("DOCKER_CONFIG", directory);
        try
        {
            var pulled = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = image });
            await RemoveAsync(fixture, image, pulled.ImageId!);
        }
        finally
        {
            Environment.SetEnvironmentVariable("DOCKER_CONFIG", null);
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task Credentials_come_from_a_helper_that_the_file_names()
    {
        await using var fixture = await engines.FixtureAsync();
        var registry = await engines.RegistryAsync(withUser: true);
        ImageName image = $"{registry.Name}/helped:1";
        await PushAsync(registry, "helped:1", "secret");
        var directory = Directory.CreateTempSubdirectory("osapi-helper-").FullName;
        var helper = Path.Join(directory, "docker-credential-osapitest");
        await File.WriteAllTextAsync(helper, $$"""
            #!/bin/sh
            read server
            [ "$1 $server" = "get {{registry.Name}}" ] && echo '{"ServerURL":"{{registry.Name}}","Username":"{{Registry.User}}","Secret":"{{Registry.Password}}"}'
            """, Token);
        File.SetUnixFileMode(helper, (UnixFileMode)0b111_000_000);
        var config = Path.Join(directory, "config.json");
        await File.WriteAllTextAsync(config, """{"credsStore": "osapitest"}""", Token);
        var path = Environment.GetEnvironmentVariable("PATH");
        Environment.SetEnvironmentVariable("PATH", $"{path}:{directory}");
        try
        {
            var pulled = await fixture.ResultAsync(DockerOperations.Pull, new() { Image = image, CredentialsFile = config });
            await RemoveAsync(fixture, image, pulled.ImageId!);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public async Task A_file_of_credentials_that_is_not_there_or_says_nothing_is_named_and_not_shown()
    {
        await using var fixture = await engines.FixtureAsync();
        var file = Path.Join(Path.GetTempPath(), $"osapi-{Guid.NewGuid():N}.json");
        PullImage request = new() { Image = "127.0.0.1:1/app:1", CredentialsFile = file };

        Assert.Equal($"the credentials file {file} does not exist", await fixture.RefusalAsync(DockerOperations.Pull, request, ErrorType.NotFound));
        await File.WriteAllTextAsync(file, "very secret", Token);
        Assert.Equal($"{file} has no JSON object", await fixture.RefusalAsync(DockerOperations.Pull, request, ErrorType.Unavailable));
        await File.WriteAllTextAsync(file, """{"auths":{"127.0.0.1:1":{"auth":"very secret"}}}""", Token);
        Assert.Equal($"{file} has no readable credentials for 127.0.0.1:1", await fixture.RefusalAsync(DockerOperations.Pull, request, ErrorType.Unavailable));
        File.Delete(file);
    }

    [Fact]
    public async Task A_cancelled_pull_ends_at_once_and_leaves_no_image()
    {
        await using var fixture = await engines.FixtureAsync();
        var registry = await engines.RegistryAsync(withUser: false);
        await PushAsync(registry, "slow:1", "slow");
        await using Relay relay = new(new IPEndPoint(IPAddress.Loopback, 0), IPEndPoint.Parse(registry.Name), hold: "/blobs/");
        ImageName image = $"127.0.0.1:{relay.Port}/slow:1";
        using CancellationTokenSource cancel = new();
        var running = fixture.RunAsync(DockerOperations.Pull, new() { Image = image }, cancelled: cancel.Token);
        await relay.Held.WaitAsync(Bound, Token);

        await cancel.CancelAsync();
        var entry = await running.WaitAsync(Bound, Token);

        Assert.Equal((Outcome.Cancelled, false), (entry.Outcome, entry.Changed));
        relay.Release();
        await fixture.RefusalAsync(DockerOperations.RemoveImage, new() { Image = image }, ErrorType.NotFound);
    }

    [Fact]
    public async Task A_registry_that_disconnects_during_a_pull_is_an_error_although_the_stream_began()
    {
        await using var fixture = await engines.FixtureAsync();
        var registry = await engines.RegistryAsync(withUser: false);
        await PushAsync(registry, "broken:1", "broken");
        registry.LoseLayers("broken");

        var entry = await fixture.RunAsync(DockerOperations.Pull, new() { Image = $"{registry.Name}/broken:1" });

        Assert.Equal((Outcome.Failed, false), (entry.Outcome, entry.Changed));
        Assert.Contains("unknown blob", entry.Error, StringComparison.Ordinal);
    }

    private async Task PushAsync(Registry registry, string name, string version) => await registry.PushAsync(await engines.EngineAsync(), name, version);

    private static async Task RemoveAsync(DockerFixture fixture, ImageName image, string id)
    {
        await fixture.ResultAsync(DockerOperations.RemoveImage, new() { Image = image, Force = true });
        // The previous meaning of the tag.
        await fixture.RunAsync(DockerOperations.RemoveImage, new() { Image = (ImageName)id, Force = true });
    }
}
