using System.Text;
using Osapi.Operations.Command;
using Osapi.Operations.Docker;
using Osapi.Operations.Files;
using Osapi.Operations.Json;
using Osapi.Operations.Node;

namespace Osapi.Operations.Tests.Json;

/// <summary>Tests of the masking of secrets.</summary>
public sealed class SecretMembersTests
{
    public static TheoryData<Operation, string, string> Requests => new()
    {
        { CommandOperations.Exec, """{"command":"a","env":{"A":"x","B":""},"stdin":"x"}""", """{"command":"a","env":{"A":"***","B":"***"},"stdin":"***"}""" },
        { CommandOperations.Exec, """{"stdin":"x","command":"a", "args":[ "stdin" ]}""", """{"stdin":"***","command":"a","args":[ "stdin" ]}""" },
        { DockerOperations.Create, """{"image":"a","env":["A=x=y","B="],"labels":{"env":"shown"}}""", """{"image":"a","env":["A=***","B=***"],"labels":{"env":"shown"}}""" },
        { DockerOperations.Exec, """{"id":"a","command":["b"],"env":["x"]}""", """{"id":"a","command":["b"],"env":["***"]}""" },
        { FileOperations.Deploy, """{"secret_vars":{"a":1,"b":[true,{"c":"x"}],"d":null},"vars":{"e":2}}""", """{"secret_vars":{"a":"***","b":["***",{"c":"***"}],"d":null},"vars":{"e":2}}""" },
    };

    [Theory, MemberData(nameof(Requests))]
    public void Values_are_masked_and_names_are_kept(Operation operation, string request, string masked) => Assert.Equal(masked, Masked(operation, request));

    [Fact]
    public void A_request_without_secrets_stays_as_it_is()
    {
        foreach (var request in (string[])["""{"command":"a"}""", """{"command":"a", "env":{}, "stdin":null}"""])
        {
            var bytes = Encoding.UTF8.GetBytes(request).AsMemory();
            Assert.True(SecretMembers.Masked(CommandOperations.Exec, bytes).Equals(bytes));
        }

        Assert.Equal("{}", Masked(NodeOperations.Hostname, "{}"));
    }

    [Fact]
    public void A_secret_is_not_printed()
    {
        Environment.SetEnvironmentVariable("OSAPI_TEST_SECRET", "x");
        var secret = Secret.FromEnvironment("OSAPI_TEST_SECRET");

        Assert.Equal(("***", "x"), ($"{secret}", (string)secret));
        Assert.Throws<InvalidOperationException>(() => Secret.FromEnvironment("OSAPI_TEST_NO_SUCH"));
    }

    [Theory]
    [InlineData("x", "x")]
    [InlineData("x\n", "x")]
    [InlineData("x\r\n", "x")]
    [InlineData("x\n\n", "x\n")]
    [InlineData("", "")]
    public void One_line_break_at_the_end_of_a_file_is_not_part_of_it(string content, string secret)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(content));
        Assert.Equal(secret, Secret.FromStream(stream, "a test").Reveal());
    }

    private static string Masked(Operation operation, string request) => Encoding.UTF8.GetString(SecretMembers.Masked(operation, Encoding.UTF8.GetBytes(request)).Span);
}
