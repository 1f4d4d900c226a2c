using Osapi.Operations.Docker;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tests.Docker;

public sealed class DockerTextTests
{
    [Theory]
    [InlineData("alpine", "docker.io", "alpine", "latest", null)]
    [InlineData("alpine:3.20", "docker.io", "alpine", "3.20", null)]
    [InlineData("team/app:V1.0_x", "docker.io", "team/app", "V1.0_x", null)]
    [InlineData("localhost/app", "localhost", "localhost/app", "latest", null)]
    [InlineData("localhost:5000/app", "localhost:5000", "localhost:5000/app", "latest", null)]
    [InlineData("registry.example.com:5000/a/b__c-d.e:1", "registry.example.com:5000", "registry.example.com:5000/a/b__c-d.e", "1", null)]
    [InlineData("Registry.Example.com/app:1", "Registry.Example.com", "Registry.Example.com/app", "1", null)]
    [InlineData("[::1]:5000/app:1", "[::1]:5000", "[::1]:5000/app", "1", null)]
    [InlineData("app@sha256:e623f7570def223e09344cfe72d4377db1fb1398abd0db979e8511f5b0f3df10", "docker.io", "app", null, "sha256:e623f7570def223e09344cfe72d4377db1fb1398abd0db979e8511f5b0f3df10")]
    [InlineData("a.b/app:1@sha256:e623f7570def223e09344cfe72d4377db1fb1398abd0db979e8511f5b0f3df10", "a.b", "a.b/app", "1", "sha256:e623f7570def223e09344cfe72d4377db1fb1398abd0db979e8511f5b0f3df10")]
    public void The_name_of_an_image_has_parts(string text, string registry, string repository, string? tag, string? digest)
    {
        var image = Text.Parse<ImageName>(text);

        Assert.Equal((registry, repository, tag, digest, false), (image.Registry, image.Repository, image.Tag, image.Digest, image.IsId));
    }

    [Theory]
    [InlineData(""), InlineData("."), InlineData(".."), InlineData("App"), InlineData("a//b"), InlineData("/a"), InlineData("a/"), InlineData("a:"), InlineData("a:b:c"), InlineData("a b"), InlineData("a@sha256:xyz"), InlineData("a\n"), InlineData("../a"), InlineData("user:password@registry/app"), InlineData("https://registry/app"), InlineData("-a"), InlineData("a:-1")]
    public void Invalid_image_names_are_refused(string text) => Assert.Null(Text.TryParse<ImageName>(text));

    [Fact]
    public void An_image_may_be_named_by_its_id() =>
        Assert.True(Text.Parse<ImageName>("sha256:e623f7570def223e09344cfe72d4377db1fb1398abd0db979e8511f5b0f3df10").IsId);

    [Theory]
    [InlineData("8080:80", null, 8080, 80, "tcp")]
    [InlineData("53:53/udp", null, 53, 53, "udp")]
    [InlineData("127.0.0.1:8080:80/tcp", "127.0.0.1", 8080, 80, "tcp")]
    [InlineData("[::1]:8080:80", "::1", 8080, 80, "tcp")]
    [InlineData("0:65535/sctp", null, 0, 65535, "sctp")]
    public void A_port_mapping_has_parts(string text, string? address, int host, int container, string protocol)
    {
        var port = Text.Parse<PortMapping>(text);

        Assert.Equal((address, host, container, protocol), (port.HostAddress, port.HostPort, port.ContainerPort, port.Protocol));
    }

    [Theory]
    [InlineData(""), InlineData("80"), InlineData("80:"), InlineData(":80"), InlineData("a:80"), InlineData("8080:80/icmp"), InlineData("8080:0"), InlineData("65536:80"), InlineData("80:65536"), InlineData("256.0.0.1:80:80"), InlineData("010.0.0.1:80:80"), InlineData("::1:80:80"), InlineData("[x]:80:80"), InlineData("host:80:80"), InlineData("80:80 "), InlineData("80-90:80-90"), InlineData("[1:2]:80:80")]
    public void Invalid_port_mappings_are_refused(string text) => Assert.Null(Text.TryParse<PortMapping>(text));

    [Theory]
    [InlineData("/srv/a b:/data", "/srv/a b", "/data", true, false)]
    [InlineData("/:/host:ro", "/", "/host", true, true)]
    [InlineData("cache:/data:rw", "cache", "/data", false, false)]
    [InlineData("/a:/b:z,ro", "/a", "/b", true, true)]
    [InlineData("/a:/b:ro,Z,rslave", "/a", "/b", true, true)]
    [InlineData("/a:/b:rshared", "/a", "/b", true, false)]
    [InlineData("cache:/b:nocopy", "cache", "/b", false, false)]
    [InlineData("cache:/b:z,nocopy,ro", "cache", "/b", false, true)]
    public void A_volume_mapping_has_parts(string text, string source, string path, bool isPath, bool isReadOnly)
    {
        var volume = Text.Parse<VolumeMapping>(text);

        Assert.Equal((source, path, isPath, isReadOnly), (volume.Source, volume.Path, volume.IsPath, volume.IsReadOnly));
    }

    [Theory]
    [InlineData(""), InlineData("/a"), InlineData("/a:b"), InlineData("a:/"), InlineData("./a:/b"), InlineData("/a:/b:rx"), InlineData("/a:/b:ro:z"), InlineData("/a:/b:ro,rw"), InlineData("/a:/b:z,Z"), InlineData("/a:/b:nocopy"), InlineData("a:/b:rslave"), InlineData("/a:/b:slave,rshared"), InlineData("/a:/b:"), InlineData("/a:/b:ro,"), InlineData("/a:/b:ro,ro"), InlineData("../a:/b"), InlineData(":/b"), InlineData("/a:/b\n")]
    public void Invalid_volume_mappings_are_refused(string text) => Assert.Null(Text.TryParse<VolumeMapping>(text));

    [Theory]
    [InlineData("1", 1), InlineData("512b", 512), InlineData("512k", 524288), InlineData("256m", 268435456), InlineData("2G", 2147483648)]
    public void An_amount_of_memory_is_a_number_of_bytes(string text, long bytes) => Assert.Equal(bytes, Text.Parse<MemorySize>(text).Bytes);

    [Theory]
    [InlineData(""), InlineData("0"), InlineData("-1"), InlineData("1.5g"), InlineData("1t"), InlineData("m"), InlineData("999999999999999g"), InlineData("1 m")]
    public void Invalid_amounts_of_memory_are_refused(string text) => Assert.Null(Text.TryParse<MemorySize>(text));

    [Theory]
    [InlineData("no", "no", 0), InlineData("always", "always", 0), InlineData("unless-stopped", "unless-stopped", 0), InlineData("on-failure", "on-failure", 0), InlineData("on-failure:5", "on-failure", 5)]
    public void A_restart_policy_may_have_a_count(string text, string name, int count) =>
        Assert.Equal((name, count), (Text.Parse<RestartPolicy>(text).Name, Text.Parse<RestartPolicy>(text).Count));

    [Theory]
    [InlineData("A="), InlineData("A=b"), InlineData("A=b=c"), InlineData("a.b-c=x\ny")]
    public void A_variable_has_a_name_and_a_value(string text) => Assert.Equal(text, Text.Parse<EnvVariable>(text).Value);

    [Theory]
    [InlineData(""), InlineData("A"), InlineData("=b"), InlineData("A=b\0")]
    public void Invalid_variables_are_refused(string text) => Assert.Null(Text.TryParse<EnvVariable>(text));

    [Fact]
    public void Texts_with_references_to_facts_wait_for_the_host()
    {
        Assert.NotNull(Text.TryParse<PortMapping>("@fact.primary_interface:80:80"));
        Assert.NotNull(Text.TryParse<ContainerName>("web-@fact.hostname") ?? (object)"a name must keep its rule as it stands");
        Assert.NotNull(Text.TryParse<EnvVariable>("HOST=@fact.hostname"));
    }
}
