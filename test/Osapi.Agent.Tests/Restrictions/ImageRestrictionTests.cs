using Osapi.Agent.Hosts;
using Osapi.Agent.Hosts.Restrictions;
using Osapi.Operations;

namespace Osapi.Agent.Tests.Restrictions;

/// <summary>Tests of the patterns of images in an agent's configuration.</summary>
public sealed class ImageRestrictionTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("alpine", "alpine")]
    [InlineData("alpine", "alpine:3.20")]
    [InlineData("alpine", "docker.io/alpine")]
    [InlineData("docker.io/library/alpine", "index.docker.io/library/alpine:3.20")]
    [InlineData("alpine:3.20", "docker.io/library/alpine:3.20")]
    [InlineData("team/app", "docker.io/team/app@" + Digest)]
    [InlineData("registry.example.com:5000/team/*", "REGISTRY.example.com:5000/team/app/api:1")]
    [InlineData("docker.io/library/*", "alpine")]
    [InlineData("team/*", "docker.io/team/app")]
    [InlineData("alpine:latest", "alpine")]
    [InlineData("alpine@" + Digest, "alpine@" + Digest)]
    public void A_pattern_covers_an_image_under_each_of_its_names(string pattern, string image) => Assert.True(ImageRestriction.Matches(pattern, image));

    [Theory]
    [InlineData("alpine:3.20", "alpine:3.21")]
    [InlineData("alpine:3.20", "alpine")]
    [InlineData("alpine", "other/alpine")]
    [InlineData("alpine", "registry.example.com/alpine")]
    [InlineData("alpine", "registry.example.com/library/alpine")]
    [InlineData("registry.example.com/team/*", "registry.example.com/teams/app")]
    [InlineData("registry.example.com/team/*", "registry.example.com.evil.org/team/app")]
    [InlineData("registry.example.com/team/*", "registry.example.com:444/team/app")]
    [InlineData("alpine@" + Digest, "alpine:latest")]
    public void A_pattern_does_not_cover_another_image(string pattern, string image) => Assert.False(ImageRestriction.Matches(pattern, image));

    [Fact]
    public void One_denied_name_denies_an_image_and_an_id_alone_is_not_allowed()
    {
        Host denying = new() { Name = "web-01", Restrictions = new() { Deny = new() { Images = ["alpine:3.20"] } } };
        Host allowing = new() { Name = "web-01", Restrictions = new() { Allow = new() { Images = ["alpine"] } } };

        Assert.Throws<OperationException>(() => denying.RequireImageAllowed("mine", ["mine", "mine:latest", "docker.io/library/alpine:3.20"]));
        denying.RequireImageAllowed("mine", ["mine"]);
        Assert.Throws<OperationException>(() => allowing.RequireImageAllowed(Digest, [Digest]));
        allowing.RequireImageAllowed(Digest, [Digest, "alpine:3.20"]);
    }
}
