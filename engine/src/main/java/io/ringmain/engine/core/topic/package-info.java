/** Topic filters and which of them a topic name matches. */
package io.ringmain.engine.core.topic;
