using System.Text;
using Osapi.Operations.Docker;
using Osapi.Operations.Json;

namespace Osapi.Operations.Tests.Docker;

public sealed class DockerRequestTests
{
    [Fact]
    public void Nothing_malformed_is_dropped()
    {
        var problems = Problems(DockerOperations.Create, """{"image":"a","env":["A=1","B"],"ports":["8080:80","80"],"volumes":["/a:/b","/a"],"restart":"sometimes","memory":"much","dns":["x"]}""");

        foreach (var member in (string[])["env[1]", "ports[1]", "volumes[1]", "restart", "memory", "dns[0]"])
            Assert.Contains($"{member} must be ", problems, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"image":"a","ports":["80:80","80:81"]}""", "ports must not publish 0.0.0.0:80/tcp twice")]
    [InlineData("""{"image":"a","ports":["80:80","80:80/udp","127.0.0.1:80:80","0:1","0:1"]}""", "")]
    [InlineData("""{"image":"a","volumes":["/a:/x","b:/x:ro"]}""", "volumes must not mount two sources at /x")]
    [InlineData("""{"image":"a","env":["A=1","A=2"]}""", "env must not set A twice")]
    [InlineData("""{"image":"a","command":[""]}""", "command must begin with a program")]
    [InlineData("""{"image":"a","command":[]}""", "command must not be empty")]
    [InlineData("""{"image":"a","labels":{"":"x"}}""", "labels must have names that are not empty")]
    [InlineData("""{}""", "image is required")]
    public void Contradictory_container_requests_are_refused(string request, string problems) => Assert.Equal(problems, Problems(DockerOperations.Create, request));

    [Theory]
    [InlineData("""{"id":"web","timeout":0}""", "")]
    [InlineData("""{"id":"web","timeout":300}""", "")]
    [InlineData("""{"id":"web","timeout":301}""", "timeout must be between 0 and 300")]
    public void A_stop_has_limits(string request, string problems) => Assert.Equal(problems, Problems(DockerOperations.Stop, request));

    [Theory]
    [InlineData("""{"id":"web"}""", "command is required")]
    [InlineData("""{"id":"web","command":[]}""", "command must not be empty")]
    [InlineData("""{"id":"web","command":["ls"],"allow_exit_codes":[256]}""", "allow_exit_codes must have only elements between 0 and 255")]
    public void An_exec_needs_a_program(string request, string problems) => Assert.Equal(problems, Problems(DockerOperations.Exec, request));

    [Fact]
    public void An_image_is_not_pulled_by_its_id() =>
        Assert.Equal("image must be a name: registries do not accept ids", Problems(DockerOperations.Pull, """{"image":"sha256:e623f7570def223e09344cfe72d4377db1fb1398abd0db979e8511f5b0f3df10"}"""));

    [Fact]
    public void The_names_are_those_of_the_reference()
    {
        Assert.Superset(Set("image", "name", "command", "env", "ports", "volumes", "auto_start"), Names(DockerOperations.Create.RequestInfo));
        Assert.Superset(Set("id", "name", "image", "state", "created", "changed"), Names(DockerOperations.Create.ResultInfo));
        Assert.Superset(Set("id", "name", "image", "state", "created", "ports", "mounts", "env", "network_settings", "health"), Names(DockerOperations.Inspect.ResultInfo));
        Assert.Equal(Set("id", "message", "changed"), Names(DockerOperations.Start.ResultInfo));
        Assert.Superset(Set("stdout", "stderr", "exit_code", "changed"), Names(DockerOperations.Exec.ResultInfo));
        Assert.Superset(Set("image_id", "tag", "size", "changed"), Names(DockerOperations.Pull.ResultInfo));
        Assert.Equal("DELETE /node/{hostname}/container/docker/image/{image}", DockerOperations.RemoveImage.Route.ToString());
    }

    private static HashSet<string> Set(params string[] names) => [.. names];

    private static HashSet<string> Names(System.Text.Json.Serialization.Metadata.JsonTypeInfo info) => [.. info.Properties.Select(property => property.Name)];

    private static string Problems(Operation operation, string request) => RequestBinder.Bind(operation.RequestInfo, Encoding.UTF8.GetBytes(request)).Text;
}
